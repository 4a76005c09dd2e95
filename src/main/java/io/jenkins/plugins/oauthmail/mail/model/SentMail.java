package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;

/**
 * What became of a mail that the server took.
 *
 * @param messageId under which recipients will see it: the one in the server's last reply if it names one (Microsoft
 *     365 may replace the header), else the requested one; with angle brackets
 * @param requestedMessageId the {@code Message-ID} header that was sent; answers may refer to either
 * @param accepted addresses that the server took
 * @param refused one entry for each address that it did not take, followed by the server's words in parentheses; never
 *     all of them, as that is a {@link MailFailure}
 * @param bytes size of the message
 */
public record SentMail(
        @NonNull String messageId,
        @NonNull String requestedMessageId,
        @NonNull List<String> accepted,
        @NonNull List<String> refused,
        long bytes) {

    public SentMail {
        accepted = List.copyOf(accepted);
        refused = List.copyOf(refused);
    }
}
