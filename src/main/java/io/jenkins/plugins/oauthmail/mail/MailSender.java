package io.jenkins.plugins.oauthmail.mail;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.compose.BrokenAttachment;
import io.jenkins.plugins.oauthmail.mail.compose.MessageSize;
import io.jenkins.plugins.oauthmail.mail.compose.MimeComposer;
import io.jenkins.plugins.oauthmail.mail.connect.Backoff;
import io.jenkins.plugins.oauthmail.mail.connect.ContextLoader;
import io.jenkins.plugins.oauthmail.mail.connect.SendingTime;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.model.FileFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import io.jenkins.plugins.oauthmail.mail.smtp.Pace;
import io.jenkins.plugins.oauthmail.mail.smtp.Sending;
import io.jenkins.plugins.oauthmail.mail.smtp.SmtpPool;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Sends mails from one mailbox by SMTP, logging in with XOAUTH2 and nothing else. Any number of threads may use it, and
 * one for each mailbox is right: it keeps to three connections, which it reuses and closes a minute after the last mail,
 * and to 30 mails a minute.
 */
public final class MailSender implements AutoCloseable {

    private final Mailbox mailbox;
    private final Timeouts timeouts;
    private final SmtpPool pool;
    private final Pace pace;
    private final SendingTime time;
    private final int tries;

    /** @param mailbox whose SMTP server and tokens are used */
    public MailSender(@NonNull Mailbox mailbox) {
        this(mailbox, Timeouts.DEFAULT, SendingTime.SYSTEM, Backoff.TRIES);
    }

    /** @param tries how often to try what the server puts off */
    MailSender(Mailbox mailbox, Timeouts timeouts, SendingTime time, int tries) {
        this(mailbox, timeouts, time, tries, new Pace(), SmtpPool.places());
    }

    private MailSender(
            Mailbox mailbox, Timeouts timeouts, SendingTime time, int tries, Pace pace, Semaphore places) {
        this.mailbox = mailbox;
        this.timeouts = timeouts;
        this.pool = new SmtpPool(mailbox, timeouts, time, places);
        this.pace = pace;
        this.time = time;
        this.tries = tries;
    }

    /**
     * What takes the place of this sender once its mailbox is defined anew: what this one has sent within the last minute,
     * and what it is still sending, counts for both, since the server counts it too.
     *
     * @param next the mailbox from now on
     */
    @NonNull
    public MailSender successor(@NonNull Mailbox next) {
        return new MailSender(next, timeouts, time, tries, pace, pool.free());
    }

    /** As {@link #send(OutgoingMail, Consumer)}, for those who do not mind to wait without being told why. */
    @NonNull
    public SentMail send(@NonNull OutgoingMail mail) throws MailFailure, InterruptedException {
        return send(mail, notice -> {});
    }

    /**
     * Hands one mail to the server. What the server puts off is tried again, for about a minute in all. Attachments are
     * read once for each try. Nobody gets a mail twice.
     *
     * @param mail what to send
     * @param notices told in a sentence whenever sending has to wait, and why
     * @return what became of it; at least one recipient was accepted
     * @throws MailFailure if nobody got it; or, with {@link MailFailure#fateUnknown()}, if that cannot be known
     * @throws InterruptedException if the thread was interrupted, which ends the connection at once, before the mail was
     *     handed over; those that were not accepted before do not get the mail then
     */
    @NonNull
    public SentMail send(@NonNull OutgoingMail mail, @NonNull Consumer<String> notices)
            throws MailFailure, InterruptedException {
        try (ContextLoader loader = new ContextLoader()) {
            MimeComposer.Composed composed = new MimeComposer(mail).compose();
            MessageSize.check(mail, mailbox.maxMessageBytes());
            return new Sending(mailbox.smtp(), pool, pace, time, tries, composed, notices).run();
        } catch (BrokenAttachment e) {
            if (e.getCause() instanceof InterruptedException) {
                throw (InterruptedException) e.getCause();
            }
            throw new MailFailure(
                    Layer.MESSAGE,
                    Messages.MailSender_attachment(
                            e.name(), FileFailure.reason(e.getCause())),
                    e);
        }
    }

    /** Closes the connections that are idle now; those in use are closed after their mail. */
    @Override
    public void close() {
        pool.close();
    }
}
