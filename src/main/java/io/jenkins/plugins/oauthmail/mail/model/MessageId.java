package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The id of a mail, as its header has it (RFC 5322 section 3.6.4). Those of received mails need not follow the rules,
 * since other people wrote them; see {@link #isSendable}.
 *
 * @param value with its angle brackets, at most 900 characters between them, of which none is a space
 */
public record MessageId(@NonNull String value) {
    private static final Pattern VALUE = Pattern.compile("<[^<>\\s]{1,900}>");

    /** Short enough for a line of a header, whatever else stands there. */
    private static final Pattern SENDABLE = Pattern.compile("<[^<>@\\s]{1,250}@[^<>@\\s]{1,250}>");

    /** @throws IllegalArgumentException if this cannot be an id */
    public MessageId {
        if (value == null || !VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException(value);
        }
    }

    /**
     * @param text with or without angle brackets
     * @return empty if it cannot be an id
     */
    @NonNull
    public static Optional<MessageId> parse(@NonNull String text) {
        String whole = text.startsWith("<") ? text : "<" + text + ">";
        return VALUE.matcher(whole).matches() ? Optional.of(new MessageId(whole)) : Optional.empty();
    }

    /** All ids within a text, in their order; none in null. */
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

    /** Whether it may stand in a mail of ours: two parts with an {@code @} between them, of 250 characters each at most. */
    public boolean isSendable() {
        return SENDABLE.matcher(value).matches();
    }

    @Override
    public String toString() {
        return value;
    }
}
