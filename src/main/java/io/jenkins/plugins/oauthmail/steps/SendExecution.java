package io.jenkins.plugins.oauthmail.steps;

import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.AbortException;
import hudson.FilePath;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.jobs.BoundSecrets;
import io.jenkins.plugins.oauthmail.jobs.JobAccess;
import io.jenkins.plugins.oauthmail.jobs.SentMessageIds;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.SynchronousNonBlockingStepExecution;

/** Sends on its own thread, which is interrupted if the build is aborted. */
final class SendExecution extends SynchronousNonBlockingStepExecution<Map<String, Object>> {
    private static final long serialVersionUID = 1;

    // Not resumed after a restart, because it is unknown whether the message was sent.
    @SuppressFBWarnings(value = "SE_TRANSIENT_FIELD_NOT_RESTORED", justification = "needed until run() only")
    private final transient OAuthMailSendStep step;

    SendExecution(OAuthMailSendStep step, StepContext context) {
        super(context);
        this.step = step;
    }

    @Override
    protected Map<String, Object> run() throws Exception {
        StepContext context = getContext();
        Run<?, ?> build = context.get(Run.class);
        MailAccount account = JobAccess.account(step.getAccount(), MailUse.SEND, build);
        TaskListener listener = context.get(TaskListener.class);
        try {
            SentMail sent =
                    step.draft(build, BoundSecrets.of(context)).send(account, context.get(FilePath.class), listener);
            SentMessageIds.remember(sent, build);
            return asMap(sent);
        } catch (AbortException failure) {
            if (Thread.currentThread().isInterrupted()) {
                // The step has failed with the interruption, and nothing but the log can tell what became of the mail.
                listener.getLogger().println(Messages.SendExecution_aborted(failure.getMessage()));
            }
            throw failure;
        }
    }

    private static Map<String, Object> asMap(SentMail sent) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("messageId", sent.messageId());
        map.put("requestedMessageId", sent.requestedMessageId());
        map.put("otherMessageIds", new ArrayList<>(sent.otherMessageIds()));
        map.put("accepted", new ArrayList<>(sent.accepted()));
        map.put("refused", new ArrayList<>(sent.refused()));
        map.put("uncertain", new ArrayList<>(sent.uncertain()));
        return map;
    }
}
