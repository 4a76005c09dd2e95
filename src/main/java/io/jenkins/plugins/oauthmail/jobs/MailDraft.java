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

    /** A mail without headers of its own and without a build log. */
    public MailDraft(
            @CheckForNull String to,
            @CheckForNull String cc,
            @CheckForNull String bcc,
            @CheckForNull String replyTo,
            @CheckForNull String from,
            @NonNull String subject,
            @CheckForNull String text,
            @CheckForNull String html,
            @CheckForNull String attachments) {
        this(to, cc, bcc, replyTo, from, subject, text, html, attachments, DraftHeaders.NONE, null);
    }

    /** The same mail with headers. */
    @NonNull
    public MailDraft with(@NonNull DraftHeaders other) {
        return new MailDraft(to, cc, bcc, replyTo, from, subject, text, html, attachments, other, log);
    }

    /** The same mail with a build log, null for none. */
    @NonNull
    public MailDraft with(@CheckForNull BuildLog other) {
        return new MailDraft(to, cc, bcc, replyTo, from, subject, text, html, attachments, headers, other);
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
        return new OutgoingMail(
                sender,
                recipients,
                copies,
                blindCopies,
                answersTo,
                subject,
                text,
                html,
                extras.collect(attachments, workspace, log, spool),
                headers.asMap());
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
