package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.Util;
import hudson.model.TaskListener;
import io.jenkins.plugins.oauthmail.account.AccountActivity;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.mail.MailSender;
import io.jenkins.plugins.oauthmail.mail.model.Addresses;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A mail as a step or the notifier has it from its user: addresses as text with commas, attachments as patterns. All but
 * subject and headers may be null.
 *
 * @param from null for the account's address; otherwise one that the account lists
 * @param text plain text, null for none
 * @param html null for none
 * @param attachments Ant patterns relative to the workspace, separated by commas
 * @param headers what else stands in the header
 * @param log the build log to send along, null for none
 */
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
        @CheckForNull BuildLog log) {

    /** @return a builder for a mail without recipients or a body yet */
    @NonNull
    public static Builder about(@NonNull String subject) {
        return new Builder(subject);
    }

    /** Takes one component after the other; what is not said is null, of the headers none. */
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
        public MailDraft build() {
            return new MailDraft(to, cc, bcc, replyTo, from, subject, text, html, attachments, headers, log);
        }
    }

    /**
     * Sends it and says so in the build log: account, recipients, subject, size and time, never the body.
     *
     * @param account that {@link JobAccess} gave
     * @param workspace where attachments are; null if there is none
     * @throws AbortException with one sentence for whoever wrote the job, if anything of the mail is wrong or it cannot be sent
     */
    @NonNull
    public SentMail send(@NonNull MailAccount account, @CheckForNull FilePath workspace, @NonNull TaskListener listener)
            throws IOException, InterruptedException {
        return send(account, workspace, listener, false);
    }

    /**
     * As {@link #send}, but without files or a build log that cannot be had or are too large. Then the build log says what
     * was left out and why.
     */
    @NonNull
    public SentMail sendAnyway(
            @NonNull MailAccount account, @CheckForNull FilePath workspace, @NonNull TaskListener listener)
            throws IOException, InterruptedException {
        return send(account, workspace, listener, true);
    }

    private SentMail send(MailAccount account, FilePath workspace, TaskListener listener, boolean lenient)
            throws IOException, InterruptedException {
        PrintStream out = listener.getLogger();
        try (Spool spool = new Spool()) {
            MailExtras extras = new MailExtras(account.getMaximumMegabytes(), lenient, out);
            OutgoingMail mail = compose(account, workspace, extras, spool);
            Instant begin = Instant.now();
            MailSender sender = JobAccess.sender(account);
            SentMail sent = AccountActivity.get()
                    .watch(
                            account.getId(),
                            MailUse.SEND,
                            () -> sender.send(mail, notice -> out.println(Messages.MailDraft_notice(notice))));
            out.println(Messages.MailDraft_sent(
                    subject,
                    account.getId(),
                    String.join(", ", sent.accepted()),
                    (sent.bytes() + 1023) / 1024,
                    Duration.between(begin, Instant.now()).toMillis()));
            if (!sent.refused().isEmpty()) {
                out.println(Messages.MailDraft_refused(String.join(", ", sent.refused())));
            }
            return sent;
        } catch (MailFailure failure) {
            throw new AbortException(failure.getMessage());
        }
    }

    private OutgoingMail compose(MailAccount account, FilePath workspace, MailExtras extras, Spool spool)
            throws MailFailure, IOException, InterruptedException {
        List<String> recipients = Addresses.parse("to", to);
        List<String> copies = Addresses.parse("cc", cc);
        List<String> blindCopies = Addresses.parse("bcc", bcc);
        if (recipients.isEmpty() && copies.isEmpty() && blindCopies.isEmpty()) {
            throw new AbortException(Messages.MailDraft_nobody());
        }
        String sender = sender(account);
        List<String> answersTo = Addresses.parse("replyTo", replyTo);
        // Last, as it takes time, which is wasted if anything else is wrong.
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
        if (Util.fixEmptyAndTrim(from) == null) {
            return account.getAddress();
        }
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
