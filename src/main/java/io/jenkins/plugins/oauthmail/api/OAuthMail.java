package io.jenkins.plugins.oauthmail.api;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.FilePath;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.oauthmail.account.ActivitySource;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.jobs.JobAccess;
import io.jenkins.plugins.oauthmail.jobs.MailOrigin;
import io.jenkins.plugins.oauthmail.jobs.SentMessageIds;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import java.io.IOException;
import java.util.List;

/**
 * Sends mail for a build with a mail account that an administrator has set up. The rules are those of the pipeline step
 * {@code oauthMailSend}: the job must match <i>May send</i> of the account, the sender must be one that the account lists,
 * the account's limits apply, and each message is recorded in the account's activity.
 *
 * <p>Call it on the controller. It can be called by any thread and any number of builds at once.
 */
public final class OAuthMail {
    private OAuthMail() {}

    /**
     * Sends a message and waits for the answer of the mail server, which can take minutes if the account has reached a
     * rate limit. Delays, the outcome and refused recipients are reported in the build log; the text
     * never is.
     *
     * @param run the build for which it is sent
     * @param accountId ID of the account
     * @param message the message
     * @param workspace where its attachments are, on any agent; null if it has none
     * @param listener the build log
     * @return what the mail server accepted
     * @throws hudson.AbortException if it was not sent, with a sentence for the build log that names the fix; if it says
     *     that the fate of the message is unknown, sending it again may send it twice
     * @throws IOException if the workspace cannot be read
     * @throws InterruptedException if the build was stopped
     */
    @NonNull
    public static SentMessage send(
            @NonNull Run<?, ?> run,
            @NonNull String accountId,
            @NonNull Message message,
            @CheckForNull FilePath workspace,
            @NonNull TaskListener listener)
            throws IOException, InterruptedException {
        MailAccount account = JobAccess.account(accountId, MailUse.SEND, run);
        SentMail sent = message.draft()
                .by(MailOrigin.of(ActivitySource.API, run))
                .build()
                .send(account, workspace, listener);
        SentMessageIds.remember(sent, run);
        return new SentMessage(sent.messageId(), sent.accepted(), sent.refused(), sent.uncertain());
    }

    /**
     * The IDs of the accounts with which a job may send, for a drop-down list in its form. Whoever may configure the job
     * may see them.
     */
    @NonNull
    public static List<String> accounts(@NonNull Job<?, ?> job) {
        return OAuthMailConfiguration.get().getAccounts().stream()
                .filter(account -> account.maySend(job.getFullName()))
                .map(MailAccount::getId)
                .toList();
    }
}
