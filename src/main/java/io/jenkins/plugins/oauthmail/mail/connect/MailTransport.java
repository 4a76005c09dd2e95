package io.jenkins.plugins.oauthmail.mail.connect;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.FinishedMail;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import io.jenkins.plugins.oauthmail.mail.model.SendingStopped;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import java.time.Duration;
import java.util.function.Consumer;

/** Sends mail from a mailbox: implements {@code MailSender} for one protocol. Thread-safe. */
public interface MailTransport extends AutoCloseable {
    /** How long a message may wait until it is submitted if a build or a user waits for it. */
    Duration FOREVER = Duration.ofDays(365);

    /** The program that waits gives up after a minute, as mail libraries do, and then says that nothing was sent. */
    Duration RELAY_PATIENCE = Duration.ofSeconds(40);

    /**
     * Submits one message. Temporary refusals are retried; no recipient gets the message twice.
     *
     * @param mail the message
     * @param notices receives a sentence with the reason whenever sending has to wait
     * @return the result; at least one recipient was accepted
     * @throws MailFailure if the message was sent to nobody; or, with {@link MailFailure#fateUnknown()}, if that is
     *     unknown
     * @throws InterruptedException if the thread was interrupted while it waited; a {@link SendingStopped} if some of the
     *     recipients had received the message
     */
    @NonNull
    SentMail send(@NonNull OutgoingMail mail, @NonNull Consumer<String> notices)
            throws MailFailure, InterruptedException;

    /**
     * Submits a message that is already composed, like {@link #send}; the mailbox is the sender in its envelope.
     * The program that composed it is waiting: a message that the server defers, or that cannot be submitted within
     * {@link #RELAY_PATIENCE}, fails with a temporary {@link MailFailure}.
     *
     * @throws MailFailure also if the message is from none of its senders
     */
    @NonNull
    SentMail relay(@NonNull FinishedMail mail, @NonNull Consumer<String> notices)
            throws MailFailure, InterruptedException;

    /**
     * Returns the transport of the same kind that replaces this one when the settings of its mailbox have changed. What
     * this one is sending, or has sent within the last minute, counts towards the limits of both, because the provider
     * counts it too.
     *
     * @param next the mailbox with its new settings
     */
    @NonNull
    MailTransport successor(@NonNull Mailbox next);

    /** The rate limit of the mailbox, for a transport of another kind that replaces this one. */
    @NonNull
    RateLimit pace();

    /** Closes idle connections now, and each connection in use after its current message. */
    @Override
    void close();
}
