package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.Util;
import hudson.model.Computer;
import hudson.model.TaskListener;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.oauthmail.account.AccountActivity;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.mail.MailSender;
import io.jenkins.plugins.oauthmail.mail.model.Addresses;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import io.jenkins.plugins.oauthmail.mail.model.SendingStopped;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A message as specified by the user of a step or the notifier: addresses as text with commas, attachments as patterns.
 * Everything but subject and headers may be null.
 *
 * @param from null for the account's address; otherwise an address that the account lists
 * @param text the plain text; null for none
 * @param html the HTML; null for none
 * @param attachments Ant patterns relative to the workspace, separated by commas
 * @param headers further headers
 * @param log the build log to attach; null for none
 * @param origin what sends it
 */
@Restricted(NoExternalUse.class)
public record MailDraft(
        @CheckForNull String to,
        @CheckForNull String cc,
        @CheckForNull String bcc,
        @CheckForNull String replyTo,
        @CheckForNull String from,
        @NonNull String subject,
        @CheckForNull String text,
        @CheckForNull String html,
        @CheckForNull String attachments,
        @NonNull DraftHeaders headers,
        @CheckForNull BuildLog log,
        @NonNull MailOrigin origin) {
    private static final Duration PAGE_PATIENCE = Duration.ofSeconds(20);

    /** @return a builder for a message that has no recipients or body yet */
    @NonNull
    public static Builder about(@NonNull String subject) {
        return new Builder(subject);
    }

    /** Takes the components one by one; those not set are null, and headers default to empty. */
    public static final class Builder {
        private final String subject;
        private String to;
        private String cc;
        private String bcc;
        private String replyTo;
        private String from;
        private String text;
        private String html;
        private String attachments;
        private DraftHeaders headers = DraftHeaders.NONE;
        private BuildLog log;
        private MailOrigin origin = MailOrigin.UNKNOWN;

        private Builder(String subject) {
            this.subject = subject;
        }

        @NonNull
        public Builder to(@CheckForNull String addresses) {
            to = addresses;
            return this;
        }

        @NonNull
        public Builder cc(@CheckForNull String addresses) {
            cc = addresses;
            return this;
        }

        @NonNull
        public Builder bcc(@CheckForNull String addresses) {
            bcc = addresses;
            return this;
        }

        @NonNull
        public Builder replyTo(@CheckForNull String addresses) {
            replyTo = addresses;
            return this;
        }

        @NonNull
        public Builder from(@CheckForNull String sender) {
            from = sender;
            return this;
        }

        @NonNull
        public Builder text(@CheckForNull String body) {
            text = body;
            return this;
        }

        @NonNull
        public Builder html(@CheckForNull String body) {
            html = body;
            return this;
        }

        @NonNull
        public Builder attachments(@CheckForNull String patterns) {
            attachments = patterns;
            return this;
        }

        @NonNull
        public Builder headers(@NonNull DraftHeaders chosen) {
            headers = chosen;
            return this;
        }

        @NonNull
        public Builder log(@CheckForNull BuildLog along) {
            log = along;
            return this;
        }

        @NonNull
        public Builder by(@NonNull MailOrigin sender) {
            origin = sender;
            return this;
        }

        @NonNull
        public MailDraft build() {
            return new MailDraft(to, cc, bcc, replyTo, from, subject, text, html, attachments, headers, log, origin);
        }
    }

    /**
     * Sends the message and reports account, recipients, subject, size and time in the build log, never the body.
     *
     * @param account an account returned by {@link JobAccess}
     * @param workspace the workspace with the attachments; null if there is none
     * @throws AbortException with a message for the author of the job, if anything in the draft is invalid or the
     *     message cannot be sent
     */
    @NonNull
    public SentMail send(@NonNull MailAccount account, @CheckForNull FilePath workspace, @NonNull TaskListener listener)
            throws IOException, InterruptedException {
        try {
            return attempt(account, workspace, listener);
        } catch (MailFailure failure) {
            throw new AbortException(failure.getMessage());
        }
    }

    /**
     * Like {@link #send}, for callers that do something else if it is unknown whether the message was sent. Not told by the
     * cause of an exception, since pipelines store why a step failed, which must not depend on our classes.
     */
    @NonNull
    public SentMail attempt(
            @NonNull MailAccount account, @CheckForNull FilePath workspace, @NonNull TaskListener listener)
            throws MailFailure, IOException, InterruptedException {
        return send(account, workspace, listener, Unavailable.FAIL);
    }

    /**
     * Sends the message as the system while a page waits for it, for some seconds at most.
     *
     * @return whether it was sent; if not, it is still being sent
     * @throws AbortException as {@link #send} throws it
     * @throws IllegalStateException if something unforeseen failed
     */
    public boolean sendWhileAPageWaits(@NonNull MailAccount account) throws AbortException, InterruptedException {
        Future<?> sending = Computer.threadPoolForRemoting.submit(() -> {
            try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
                return send(account, null, TaskListener.NULL);
            }
        });
        try {
            sending.get(PAGE_PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AbortException refusal) {
                throw refusal;
            }
            throw new IllegalStateException(e);
        }
    }

    /**
     * Like {@link #send}, but leaves out attachments and build log if they are unavailable or too large, and reports in
     * the build log what was left out and why. If the message is refused for what it contains, the fallback is sent.
     *
     * @param fallback small, and without attachments
     */
    @NonNull
    public SentMail sendAnyway(
            @NonNull MailAccount account,
            @CheckForNull FilePath workspace,
            @NonNull TaskListener listener,
            @NonNull MailDraft fallback)
            throws IOException, InterruptedException {
        List<MailDraft> drafts = new ArrayList<>(List.of(this));
        if (attachments != null || log != null) {
            drafts.add(withoutExtras());
        }
        drafts.add(fallback);
        for (int i = 0; ; i++) {
            try {
                return drafts.get(i).send(account, workspace, listener, Unavailable.LEAVE_OUT);
            } catch (MailFailure failure) {
                boolean last = i == drafts.size() - 1;
                if (last || !failure.aboutContent()) {
                    throw new AbortException(failure.getMessage());
                }
                listener.getLogger()
                        .println(
                                i == drafts.size() - 2
                                        ? Messages.MailDraft_fallback(failure.getMessage())
                                        : Messages.MailExtras_withoutFiles(failure.getMessage()));
            }
        }
    }

    private MailDraft withoutExtras() {
        return new MailDraft(to, cc, bcc, replyTo, from, subject, text, html, null, headers, null, origin);
    }

    private SentMail send(MailAccount account, FilePath workspace, TaskListener listener, Unavailable unavailable)
            throws MailFailure, IOException, InterruptedException {
        PrintStream out = listener.getLogger();
        try (Spool spool = new Spool()) {
            MailExtras extras = new MailExtras(account.getMaximumMegabytes(), unavailable, out);
            OutgoingMail mail;
            try {
                mail = compose(account, workspace, extras, spool);
            } catch (MailFailure failure) {
                origin.notSent(account, subject, List.of(), failure, Duration.ZERO);
                throw failure;
            }
            Instant begin = Instant.now();
            SentMail sent = send(account, mail, out);
            out.println(Messages.MailDraft_sent(
                    OneLine.of(subject),
                    account.getId(),
                    String.join(", ", sent.accepted()),
                    (sent.bytes() + 1023) / 1024,
                    Duration.between(begin, Instant.now()).toMillis()));
            if (!sent.refused().isEmpty()) {
                out.println(Messages.MailDraft_refused(OneLine.of(String.join(", ", sent.refused()))));
            }
            if (!sent.uncertain().isEmpty()) {
                out.println(Messages.MailDraft_uncertain(OneLine.of(String.join(", ", sent.uncertain()))));
            }
            return sent;
        }
    }

    private SentMail send(MailAccount account, OutgoingMail mail, PrintStream out)
            throws MailFailure, AbortException, InterruptedException {
        MailSender sender = JobAccess.sender(account);
        Delay delay = new Delay();
        try {
            SentMail sent = AccountActivity.get()
                    .watch(
                            account.getId(),
                            MailUse.SEND,
                            () -> sender.send(mail, notice -> {
                                delay.begin();
                                out.println(Messages.MailDraft_notice(OneLine.of(notice)));
                            }));
            origin.sent(account, subject, sent, delay.soFar());
            return sent;
        } catch (MailFailure failure) {
            List<String> recipients = new ArrayList<>(mail.to());
            recipients.addAll(mail.cc());
            recipients.addAll(mail.bcc());
            origin.notSent(account, subject, recipients, failure, delay.soFar());
            throw failure;
        } catch (SendingStopped stopped) {
            origin.stopped(account, subject, stopped, delay.soFar());
            // Pipelines store what stopped them, which must not depend on this class.
            throw new InterruptedException(stopped.getMessage());
        }
    }

    /** The time since a message first had to wait. */
    private static final class Delay {
        private volatile Instant begin;

        void begin() {
            if (begin == null) {
                begin = Instant.now();
            }
        }

        Duration soFar() {
            return begin == null ? Duration.ZERO : Duration.between(begin, Instant.now());
        }
    }

    private OutgoingMail compose(MailAccount account, FilePath workspace, MailExtras extras, Spool spool)
            throws MailFailure, IOException, InterruptedException {
        List<String> recipients = Addresses.parse("to", to);
        List<String> copies = Addresses.parse("cc", cc);
        List<String> blindCopies = Addresses.parse("bcc", bcc);
        if (recipients.isEmpty() && copies.isEmpty() && blindCopies.isEmpty()) {
            throw new AbortException(Messages.MailDraft_noRecipients());
        }
        String sender = sender(account);
        List<String> answersTo = Addresses.parse("replyTo", replyTo);
        // Attachments last: copying them takes time, which is wasted if anything else is invalid.
        return OutgoingMail.from(sender)
                .to(recipients)
                .cc(copies)
                .bcc(blindCopies)
                .replyTo(answersTo)
                .subject(subject)
                .text(text)
                .html(html)
                .headers(headers.asMap())
                .attachments(extras.collect(attachments, workspace, log, spool))
                .build();
    }

    private String sender(MailAccount account) throws MailFailure, AbortException {
        return Util.fixEmptyAndTrim(from) == null ? account.getAddress() : checkSender(account, from);
    }

    /**
     * Checks whether the account may be used with this sender.
     *
     * @return the sender as it is to be written
     * @throws MailFailure if it is no address
     * @throws AbortException if it is not an address that the account lists
     */
    @NonNull
    public static String checkSender(@NonNull MailAccount account, @NonNull String from)
            throws MailFailure, AbortException {
        List<String> senders = Addresses.parse("from", from);
        if (senders.size() == 1) {
            String address = Addresses.bare(senders.get(0));
            if (account.senders().stream().anyMatch(sender -> CaseFolding.equalsAscii(sender, address))) {
                return senders.get(0);
            }
        }
        throw new AbortException(Messages.MailDraft_from(account.getId(), from.strip(), account.getAddress()));
    }
}
