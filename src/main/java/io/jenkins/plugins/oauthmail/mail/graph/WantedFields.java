package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.received.ReceivedHeaders;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which header fields of a message are kept; the server always lists all.
 *
 * @param all whether every field is
 * @param names otherwise the names of those that are, in lower case
 */
record WantedFields(boolean all, @NonNull Set<String> names) {

    /** Those that queries evaluate. */
    static final WantedFields USUAL = and(List.of());

    /** The same fields as with IMAP. @param more as in {@link MailQuery#headers} */
    @NonNull
    static WantedFields and(@NonNull List<String> more) {
        if (more.contains(MailQuery.ALL_HEADERS)) {
            return new WantedFields(true, Set.of());
        }
        return new WantedFields(
                false,
                Stream.concat(Arrays.stream(ReceivedHeaders.FIELDS.split(" ")), more.stream())
                        .map(CaseFolding::asciiLower)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    boolean contains(@NonNull String name) {
        return all || names.contains(CaseFolding.asciiLower(name));
    }
}
