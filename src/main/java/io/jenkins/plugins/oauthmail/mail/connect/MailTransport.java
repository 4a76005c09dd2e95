package io.jenkins.plugins.oauthmail.mail.connect;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import java.util.function.Consumer;

/**
 * One way to send mail from a mailbox: what {@code MailSender} promises, over one protocol. Any number of threads may use
 * one.
 */
public interface MailTransport extends AutoCloseable {
    /**
     * Submits one mail. Temporary refusals are retried; nobody gets a mail twice.
     *
     * @param mail what to send
     * @param notices receives a sentence whenever sending has to wait, with the reason
     * @return the outcome; at least one recipient was accepted
     * @throws MailFailure if nobody got it; or, with {@link MailFailure#fateUnknown()}, if that cannot be known
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    @NonNull
    SentMail send(@NonNull OutgoingMail mail, @NonNull Consumer<String> notices)
            throws MailFailure, InterruptedException;

    /**
     * What replaces this transport once its mailbox is defined anew. Whatever this one has sent within the last minute, and
     * is still sending, counts for both, since the provider counts it too.
     *
     * @param next the mailbox from now on
     */
    @NonNull
    MailTransport successor(@NonNull Mailbox next);

    /** Releases what is idle now; what is in use is released after its mail. */
    @Override
    void close();
}
