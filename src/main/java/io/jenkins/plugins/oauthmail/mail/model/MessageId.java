package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A message id as in the header (RFC 5322 section 3.6.4). Ids of received messages need not follow the RFC, because
 * anyone can write them; see {@link #isSendable}.
 *
 * @param value the id with its angle brackets, between which there are at most 900 characters and no space
 */
public record MessageId(@NonNull String value) {
    private static final Pattern VALUE = Pattern.compile("<[^<>\\s]{1,900}>");

    /** Short enough to fit on one header line together with the field name. */
    private static final Pattern SENDABLE = Pattern.compile("<[^<>@\\s]{1,250}@[^<>@\\s]{1,250}>");

    /** @throws IllegalArgumentException if the value cannot be an id */
    public MessageId {
        if (value == null || !VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException(value);
        }
    }

    /**
     * @param text an id with or without angle brackets
     * @return the id; empty if the text cannot be one
     */
    @NonNull
    public static Optional<MessageId> parse(@NonNull String text) {
        String whole = text.startsWith("<") ? text : "<" + text + ">";
        return VALUE.matcher(whole).matches() ? Optional.of(new MessageId(whole)) : Optional.empty();
    }

    /** Returns all ids in a text, in order; none for null. */
    @NonNull
    public static List<MessageId> in(@CheckForNull String text) {
        return text == null
                ? List.of()
                : VALUE.matcher(text)
                        .results()
                        .map(MatchResult::group)
                        .map(MessageId::new)
                        .toList();
    }

    /** The first id in a text that {@link #isSendable}, as text; empty for null. */
    @NonNull
    public static Optional<String> sendableIn(@CheckForNull String text) {
        return in(text).stream()
                .filter(MessageId::isSendable)
                .map(MessageId::value)
                .findFirst();
    }

    /**
     * Whether the id may be used in a message that is sent: two parts with an {@code @} between them, each of at most
     * 250 characters.
     */
    public boolean isSendable() {
        return SENDABLE.matcher(value).matches();
    }

    @Override
    public String toString() {
        return value;
    }
}
