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
 * A message as specified by the user of a step or the notifier: addresses as text with commas, attachments as patterns.
 * Everything but subject and headers may be null.
 *
 * @param from null for the account's address; otherwise an address that the account lists
 * @param text the plain text; null for none
 * @param html the HTML; null for none
 * @param attachments Ant patterns relative to the workspace, separated by commas
 * @param headers further headers
 * @param log the build log to attach; null for none
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

    /** A message without further headers and build log. */
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

    /** A copy with the given headers. */
    @NonNull
    public MailDraft with(@NonNull DraftHeaders other) {
        return new MailDraft(to, cc, bcc, replyTo, from, subject, text, html, attachments, other, log);
    }

    /** A copy with the given build log; null for none. */
    @NonNull
    public MailDraft with(@CheckForNull BuildLog other) {
        return new MailDraft(to, cc, bcc, replyTo, from, subject, text, html, attachments, headers, other);
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
        return send(account, workspace, listener, false);
    }

    /**
     * Like {@link #send}, but leaves out attachments and build log if they are unavailable or too large, and reports in
     * the build log what was left out and why.
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
        // Attachments last: copying them takes time, which is wasted if anything else is invalid.
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
