package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.nio.file.Path;
import java.util.List;

/**
 * A message that somebody else composed and that is sent as it is.
 *
 * @param recipients addresses without display names, at least one; the message's own header fields do not count
 * @param content file with the message in the format of RFC 5322 and MIME; must not change while it is sent
 * @param senders addresses of which one must be the only one in the message's From field
 */
public record FinishedMail(
        @NonNull List<String> recipients,
        @NonNull Path content,
        @NonNull List<String> senders) {

    public FinishedMail {
        recipients = List.copyOf(recipients);
        senders = List.copyOf(senders);
    }
}
