package io.jenkins.plugins.oauthmail.mail.smtp;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.compose.BrokenAttachment;
import io.jenkins.plugins.oauthmail.mail.compose.FinishedMessage;
import io.jenkins.plugins.oauthmail.mail.compose.MessageSize;
import io.jenkins.plugins.oauthmail.mail.compose.MimeComposer;
import io.jenkins.plugins.oauthmail.mail.connect.ContextLoader;
import io.jenkins.plugins.oauthmail.mail.connect.MailTransport;
import io.jenkins.plugins.oauthmail.mail.connect.RateLimit;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.model.FinishedMail;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Sends the mail of a mailbox with SMTP. Logs in with XOAUTH2 only. Limited to three connections, which are reused and
 * closed a minute after the last message, and to 30 messages a minute.
 */
public final class SmtpTransport implements MailTransport {

    private final Mailbox mailbox;
    private final Timeouts timeouts;
    private final SmtpPool pool;
    private final RateLimit pace;
    private final TimeSource time;
    private final int tries;

    /**
     * @param tries the maximum number of attempts to send a message that the server defers
     * @param pace the rate limit of the mailbox, which a transport before this one may have used
     */
    public SmtpTransport(Mailbox mailbox, Timeouts timeouts, TimeSource time, int tries, RateLimit pace) {
        this(mailbox, timeouts, time, tries, pace, SmtpPool.places());
    }

    private SmtpTransport(
            Mailbox mailbox, Timeouts timeouts, TimeSource time, int tries, RateLimit pace, Semaphore places) {
        this.mailbox = mailbox;
        this.timeouts = timeouts;
        this.pool = new SmtpPool(mailbox, timeouts, time, places);
        this.pace = pace;
        this.time = time;
        this.tries = tries;
    }

    @Override
    @NonNull
    public SmtpTransport successor(@NonNull Mailbox next) {
        return new SmtpTransport(next, timeouts, time, tries, pace, pool.free());
    }

    @Override
    @NonNull
    public SentMail send(@NonNull OutgoingMail mail, @NonNull Consumer<String> notices)
            throws MailFailure, InterruptedException {
        return submit(
                () -> {
                    MessageSize.check(mail, mailbox.maxMessageBytes());
                    return new MimeComposer(mail).compose();
                },
                tries,
                FOREVER,
                notices);
    }

    @Override
    @NonNull
    public SentMail relay(@NonNull FinishedMail mail, @NonNull Consumer<String> notices)
            throws MailFailure, InterruptedException {
        return submit(
                () -> FinishedMessage.compose(mail, mailbox.user(), mailbox.maxMessageBytes()),
                1,
                RELAY_PATIENCE,
                notices);
    }

    @Override
    @NonNull
    public RateLimit pace() {
        return pace;
    }

    private interface Composition {
        MimeComposer.Composed compose() throws MailFailure;
    }

    private SentMail submit(Composition composition, int tries, Duration patience, Consumer<String> notices)
            throws MailFailure, InterruptedException {
        try (ContextLoader loader = new ContextLoader()) {
            MimeComposer.Composed composed = composition.compose();
            return new Submission(mailbox.smtp(), pool, pace, time, tries, patience, composed, notices).run();
        } catch (BrokenAttachment e) {
            throw e.failure();
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
