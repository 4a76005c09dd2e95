package io.jenkins.plugins.oauthmail.api;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;

/** A message that the mail server accepted, for at least one recipient. */
public final class SentMessage {
    private final String messageId;
    private final List<String> accepted;
    private final List<String> refused;
    private final List<String> uncertain;

    SentMessage(String messageId, List<String> accepted, List<String> refused, List<String> uncertain) {
        this.messageId = messageId;
        this.accepted = List.copyOf(accepted);
        this.refused = List.copyOf(refused);
        this.uncertain = List.copyOf(uncertain);
    }

    /** The Message-ID that recipients see, in angle brackets; for {@link Message#inReplyTo} of the next one. */
    @NonNull
    public String getMessageId() {
        return messageId;
    }

    /** The addresses that the mail server accepted, without names. */
    @NonNull
    public List<String> getAccepted() {
        return accepted;
    }

    /**
     * One entry for each address that did not get the message, with the server's reply, or another reason, in parentheses;
     * empty in most cases.
     */
    @NonNull
    public List<String> getRefused() {
        return refused;
    }

    /**
     * One entry for each address that may or may not have received the message, with the reason in parentheses; empty in
     * most cases. Sending the message to them again may send it twice.
     */
    @NonNull
    public List<String> getUncertain() {
        return uncertain;
    }
}
