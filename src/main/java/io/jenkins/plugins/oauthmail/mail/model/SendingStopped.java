package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;

/** Sending was interrupted when some of the recipients had received the message. */
public final class SendingStopped extends InterruptedException {
    private static final long serialVersionUID = 1;

    private final SentMail delivered;
    private final List<String> missed;

    /**
     * @param sentence for the user
     * @param delivered what had been sent by then
     * @param missed addresses that the message was neither delivered to nor refused for
     */
    public SendingStopped(@NonNull String sentence, @NonNull SentMail delivered, @NonNull List<String> missed) {
        super(sentence);
        this.delivered = delivered;
        this.missed = List.copyOf(missed);
    }

    @NonNull
    public SentMail delivered() {
        return delivered;
    }

    @NonNull
    public List<String> missed() {
        return missed;
    }
}
