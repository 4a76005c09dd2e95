package io.jenkins.plugins.oauthmail.mail;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.connect.Backoff;
import io.jenkins.plugins.oauthmail.mail.connect.MailTransport;
import io.jenkins.plugins.oauthmail.mail.connect.RateLimit;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.model.FinishedMail;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.util.function.Consumer;

/**
 * Sends messages from one mailbox. Thread-safe. Create only one for each mailbox, because it enforces the provider's
 * limits: three connections and 30 messages a minute at Microsoft 365.
 */
public final class MailSender implements AutoCloseable {
    private final MailTransport transport;
    private final Protocol protocol;
    private final Timeouts timeouts;
    private final TimeSource time;
    private final int tries;

    /** @param mailbox the mailbox to send from */
    public MailSender(@NonNull Mailbox mailbox) {
        this(mailbox, Timeouts.DEFAULT, TimeSource.SYSTEM, Backoff.TRIES);
    }

    MailSender(Mailbox mailbox, Timeouts timeouts, TimeSource time, int tries) {
        this(mailbox, timeouts, time, tries, new RateLimit());
    }

    private MailSender(Mailbox mailbox, Timeouts timeouts, TimeSource time, int tries, RateLimit pace) {
        this(
                Protocol.of(mailbox).transport(mailbox, timeouts, time, tries, pace),
                Protocol.of(mailbox),
                timeouts,
                time,
                tries);
    }

    private MailSender(MailTransport transport, Protocol protocol, Timeouts timeouts, TimeSource time, int tries) {
        this.transport = transport;
        this.protocol = protocol;
        this.timeouts = timeouts;
        this.time = time;
        this.tries = tries;
    }

    /** See {@link MailTransport#successor}. */
    @NonNull
    public MailSender successor(@NonNull Mailbox next) {
        return protocol == Protocol.of(next)
                ? new MailSender(transport.successor(next), protocol, timeouts, time, tries)
                : new MailSender(next, timeouts, time, tries, transport.pace());
    }

    /** Same as {@link #send(OutgoingMail, Consumer)}, without notices. */
    @NonNull
    public SentMail send(@NonNull OutgoingMail mail) throws MailFailure, InterruptedException {
        return send(mail, notice -> {});
    }

    /** See {@link MailTransport#send}. */
    @NonNull
    public SentMail send(@NonNull OutgoingMail mail, @NonNull Consumer<String> notices)
            throws MailFailure, InterruptedException {
        return transport.send(mail, notices);
    }

    /** See {@link MailTransport#relay}. */
    @NonNull
    public SentMail relay(@NonNull FinishedMail mail, @NonNull Consumer<String> notices)
            throws MailFailure, InterruptedException {
        return transport.relay(mail, notices);
    }

    /** See {@link MailTransport#close}. */
    @Override
    public void close() {
        transport.close();
    }
}
