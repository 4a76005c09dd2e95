package io.jenkins.plugins.oauthmail.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.oauthmail.config.AccountActivity;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.jobs.JobAccess;
import io.jenkins.plugins.oauthmail.jobs.WorkspaceSink;
import io.jenkins.plugins.oauthmail.mail.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.MailFailure;
import io.jenkins.plugins.oauthmail.mail.MailQuery;
import io.jenkins.plugins.oauthmail.mail.MailReader;
import io.jenkins.plugins.oauthmail.mail.ReceivedMail;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * Reads in the background and holds no thread of the pipeline. Reading changes nothing on the server, so that a
 * controller's restart simply has it begin again, with the right to read checked anew.
 */
final class MailReading extends StepExecution {
    private static final long serialVersionUID = 1;

    private final OAuthMailReadStep step;
    private transient volatile Future<?> reading;
    private transient volatile boolean stopped;

    MailReading(OAuthMailReadStep step, StepContext context) {
        super(context);
        this.step = step;
    }

    @Override
    public boolean start() {
        begin();
        return false;
    }

    @Override
    public void onResume() {
        begin();
    }

    @Override
    public void stop(@NonNull Throwable cause) throws Exception {
        stopped = true;
        Future<?> running = reading;
        if (running != null) {
            running.cancel(true);
        }
        super.stop(cause);
    }

    private void begin() {
        reading = Computer.threadPoolForRemoting.submit(() -> {
            try {
                getContext().onSuccess(read());
            } catch (Throwable failure) { // whatever it is, the pipeline must not wait for ever
                if (!stopped) {
                    getContext().onFailure(failure);
                }
            }
        });
    }

    private List<Map<String, Object>> read() throws Exception {
        StepContext context = getContext();
        MailAccount account = JobAccess.account(step.getAccount(), MailUse.READ, context.get(Run.class));
        MailQuery query = step.query();
        AttachmentSink sink = WorkspaceSink.into(step.getSaveAttachments(), workspace(context));
        try {
            MailReader reader = new MailReader(JobAccess.mailbox(account, MailUse.READ));
            List<ReceivedMail> mails =
                    AccountActivity.get().watch(account.getId(), MailUse.READ, () -> reader.read(query, sink));
            context.get(TaskListener.class)
                    .getLogger()
                    .println("OAuth Mail: read " + mails.size() + " mail(s) from " + query.folder() + " of account "
                            + account.getId() + ".");
            List<Map<String, Object>> result = new ArrayList<>();
            for (ReceivedMail mail : mails) {
                if (mail.attachmentsLeftOut() > 0) {
                    context.get(TaskListener.class)
                            .getLogger()
                            .println("OAuth Mail: left out " + mail.attachmentsLeftOut()
                                    + " attachment(s) of the mail " + mail.id() + " after the first "
                                    + mail.attachments().size() + ".");
                }
                result.add(mail.toMap());
            }
            return result;
        } catch (MailFailure failure) {
            throw new AbortException(failure.getMessage());
        }
    }

    private FilePath workspace(StepContext context) throws Exception {
        return step.getSaveAttachments() == null ? null : context.get(FilePath.class);
    }
}
