package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.Serializable;
import java.util.List;

/**
 * The result of sending a message.
 *
 * @param messageId the id that recipients will see, in angle brackets: the one in the server's final reply if it names
 *     one (Microsoft 365 may replace the header), otherwise the requested one
 * @param requestedMessageId the {@code Message-ID} header that was sent; replies may refer to either
 * @param otherMessageIds further ids that recipients see, because the message was sent to them in further transactions,
 *     and the server named another id in each of its replies; usually empty
 * @param accepted addresses that the server accepted
 * @param refused one entry for each address that did not get the message, with the server's reply, or another reason, in
 *     parentheses; never all of them, because that is a {@link MailFailure}
 * @param uncertain one entry for each address that may or may not have received it, such as because the connection was
 *     lost, with the reason in parentheses; never all of them, because that is a {@link MailFailure}, too
 * @param bytes size of the message as sent
 */
public record SentMail(
        @NonNull String messageId,
        @NonNull String requestedMessageId,
        @NonNull List<String> otherMessageIds,
        @NonNull List<String> accepted,
        @NonNull List<String> refused,
        @NonNull List<String> uncertain,
        long bytes)
        implements Serializable {
    private static final long serialVersionUID = 1;

    public SentMail {
        otherMessageIds = List.copyOf(otherMessageIds);
        accepted = List.copyOf(accepted);
        refused = List.copyOf(refused);
        uncertain = List.copyOf(uncertain);
    }
}
