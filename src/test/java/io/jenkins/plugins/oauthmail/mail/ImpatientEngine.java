package io.jenkins.plugins.oauthmail.mail;

import io.jenkins.plugins.oauthmail.mail.connect.Backoff;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.model.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.MailChange;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import io.jenkins.plugins.oauthmail.mail.model.ReadResult;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.mail.smtp.SmtpPool;
import io.jenkins.plugins.oauthmail.mail.smtp.SmtpTransport;
import io.jenkins.plugins.oauthmail.testing.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * The engine as tests outside its package need it: with deadlines of milliseconds, and with pauses between tries that
 * take no time.
 */
public final class ImpatientEngine {

    private final Mailbox mailbox;
    private final Timeouts timeouts;
    private final FakeTime time = new FakeTime();

    /** @param patience how long it waits for a server, in any phase */
    public ImpatientEngine(Mailbox mailbox, Duration patience) {
        int millis = (int) patience.toMillis();
        this.mailbox = mailbox;
        this.timeouts = new Timeouts(millis, millis, millis, patience, patience, patience, patience);
    }

    public MailSender sender() {
        return new MailSender(mailbox, timeouts, time, Backoff.TRIES);
    }

    /** Has so much time pass between two mails. */
    public void rest(Duration duration) {
        time.advance(duration);
    }

    public MailReader reader() {
        Instant begin = time.now();
        return new MailReader(
                mailbox,
                AuthenticationRule.NONE,
                250L << 20,
                Duration.ofMinutes(10),
                timeouts,
                () -> Duration.between(begin, time.now()).toNanos(),
                time);
    }

    /** What was read, and a sentence for each mail that could not be. */
    public record Read(List<ReceivedMail> mails, List<String> problems) {}

    public static Read read(MailReader reader, MailQuery query, AttachmentSink sink)
            throws MailFailure, InterruptedException {
        ReadResult read = reader.read(query, sink, notice -> {});
        return new Read(read.mails(), read.problems());
    }

    /** Whether everything in it was read. */
    public static boolean whole(ReceivedMail mail) {
        return mail.problems().isEmpty();
    }

    /** @return ids of those that were no longer there, as far as the server tells */
    public static List<MailId> change(MailReader reader, String folder, List<MailId> ids, MailChange change)
            throws MailFailure, InterruptedException {
        return reader.change(folder, ids, change, notice -> {});
    }

    public MailWatch watch(String folder, Duration renewal, Duration poll) {
        return new MailWatch(mailbox, folder, renewal, poll, timeouts);
    }

    public static OutgoingMail mail(
            String id, String from, List<String> to, List<OutgoingMail.Attachment> attachments) {
        return OutgoingMail.from(from)
                .to(to)
                .subject(id)
                .text("It is green.")
                .attachments(attachments)
                .headers(Map.of("X-Case", id))
                .build();
    }

    /** How many connections may still be borrowed; the most that there may be if none is in use. */
    public static int permits(MailSender sender) throws ReflectiveOperationException {
        Object transport = field(MailSender.class, "transport", sender);
        Object pool = field(SmtpTransport.class, "pool", transport);
        return ((Semaphore) field(SmtpPool.class, "free", pool)).availablePermits();
    }

    private static Object field(Class<?> type, String name, Object owner) throws ReflectiveOperationException {
        var field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(owner);
    }

    public static int mostPermits() {
        return SmtpPool.MAX;
    }
}
