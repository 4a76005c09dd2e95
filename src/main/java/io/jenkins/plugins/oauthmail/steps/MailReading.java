package io.jenkins.plugins.oauthmail.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
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
import io.jenkins.plugins.oauthmail.jobs.SentIds;
import io.jenkins.plugins.oauthmail.jobs.WorkspaceSink;
import io.jenkins.plugins.oauthmail.mail.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.MailChange;
import io.jenkins.plugins.oauthmail.mail.MailFailure;
import io.jenkins.plugins.oauthmail.mail.MailQuery;
import io.jenkins.plugins.oauthmail.mail.MailReader;
import io.jenkins.plugins.oauthmail.mail.ReceivedMail;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * Reads in the background and holds no thread of the pipeline. Reading changes nothing on the server, so that a
 * controller's restart simply has it begin again, with the right to read checked anew. What is to be changed there is
 * changed last, when the result is saved with the build: a restart in between loses no mail.
 */
class MailReading extends StepExecution {
    private static final long serialVersionUID = 1;

    private final OAuthMailReadStep step;
    /** The result, as soon as it is there. */
    private volatile ArrayList<Map<String, Object>> found;

    private transient volatile Future<?> reading;
    private transient volatile boolean stopped;
    private transient volatile boolean tracked;

    MailReading(OAuthMailReadStep step, StepContext context) {
        super(context);
        this.step = step;
    }

    @Override
    public boolean start() throws IOException, InterruptedException {
        begin();
        return false;
    }

    @Override
    public void onResume() {
        begin();
    }

    @Override
    public void stop(@NonNull Throwable cause) throws Exception {
        if (over()) {
            Future<?> running = reading;
            if (running != null) {
                running.cancel(true);
            }
            super.stop(cause);
        }
    }

    /** Starts reading, now or when there is a reason to. */
    void begin() {
        reading = Computer.threadPoolForRemoting.submit(this::attempt);
    }

    private void attempt() {
        if (stopped) {
            return;
        }
        try {
            conclude(result());
        } catch (Throwable failure) { // whatever it is, the pipeline must not wait for ever
            fail(failure);
        }
    }

    /** Ends the step with a result, unless that is null. */
    final void conclude(@CheckForNull List<Map<String, Object>> result) {
        if (result != null && over()) {
            getContext().onSuccess(result);
        }
    }

    final void fail(Throwable failure) {
        if (over()) {
            getContext().onFailure(said(failure));
        }
    }

    /** As {@link #fail}, unless the mails were found; says whether it is over. */
    final boolean failUnlessFound(Throwable failure) {
        synchronized (this) {
            if (found != null) {
                return false;
            }
            if (stopped) {
                return true;
            }
            stopped = true;
        }
        ended();
        getContext().onFailure(said(failure));
        return true;
    }

    private static Throwable said(Throwable failure) {
        return failure instanceof MailFailure ? new AbortException(failure.getMessage()) : failure;
    }

    /** Whether it was not over before. */
    private boolean over() {
        synchronized (this) {
            if (stopped) {
                return false;
            }
            stopped = true;
        }
        ended();
        return true;
    }

    final boolean isOver() {
        return stopped;
    }

    /** Called when the step is over in whatever way. */
    void ended() {}

    /** Whether that many mails end the step. */
    boolean isEnough(int mails) throws AbortException {
        return true;
    }

    /** Reads what was asked for; somebody else may have done it. */
    List<ReceivedMail> read(MailReader reader, MailQuery query, AttachmentSink sink, MailAccount account)
            throws MailFailure, InterruptedException {
        return AccountActivity.get().watch(account.getId(), MailUse.READ, () -> reader.read(query, sink));
    }

    /** Whether the mails were read and only have to be changed on the server. */
    final boolean isFound() {
        return found != null;
    }

    /**
     * Reads and changes.
     *
     * @return null if it is not enough yet
     */
    @CheckForNull
    final List<Map<String, Object>> result() throws Exception {
        StepContext context = getContext();
        Run<?, ?> build = context.get(Run.class);
        MailAccount account = account(build);
        MailQuery query = SentIds.widen(step.query(), build);
        MailChange change = step.change();
        JobAccess.checkRule(account, query);
        MailReader reader = JobAccess.reader(account);
        if (found == null) {
            ArrayList<Map<String, Object>> mails = read(reader, query, account);
            if (mails == null) {
                return null;
            }
            found(mails);
        }
        if (!change.nothing() && !found.isEmpty()) {
            context.saveState().get();
            if (stopped) {
                throw new InterruptedException();
            }
            reader.change(query.folder(), ids(), change);
            log(ChangeWords.of(change));
        }
        return found;
    }

    /** From here on no lack of time ends the step, only a failure or somebody who stops it. */
    private synchronized void found(ArrayList<Map<String, Object>> mails) throws InterruptedException {
        if (stopped) {
            throw new InterruptedException();
        }
        found = mails;
    }

    /** Checked at each look, but tracked once: a look is not worth writing fingerprints for. */
    private MailAccount account(Run<?, ?> build) throws AbortException {
        MailAccount account = JobAccess.account(
                step.getAccount(), MailUse.READ, build.getParent().getFullName());
        if (!tracked) {
            JobAccess.track(account, build);
            tracked = true;
        }
        return account;
    }

    private List<String> ids() {
        return found.stream().map(mail -> (String) mail.get("id")).toList();
    }

    @CheckForNull
    private ArrayList<Map<String, Object>> read(MailReader reader, MailQuery query, MailAccount account)
            throws Exception {
        List<ReceivedMail> mails =
                read(reader, query, WorkspaceSink.into(step.getSaveAttachments(), workspace()), account);
        if (!isEnough(mails.size())) {
            return null;
        }
        log(Messages.MailReading_read(mails.size(), query.folder(), account.getId()));
        ArrayList<Map<String, Object>> result = new ArrayList<>();
        for (ReceivedMail mail : mails) {
            for (ReceivedMail.Attachment attachment : mail.attachments()) {
                if (attachment.problem() != null) {
                    log(Messages.MailReading_notSaved(attachment.name(), mail.id(), attachment.problem()));
                }
            }
            if (mail.attachmentsLeftOut() > 0) {
                log(Messages.MailReading_leftOut(
                        mail.attachmentsLeftOut(), mail.id(), mail.attachments().size()));
            }
            result.add(mail.toMap());
        }
        return result;
    }

    final void log(String sentence) throws IOException, InterruptedException {
        getContext().get(TaskListener.class).getLogger().println(Messages.MailReading_log(sentence));
    }

    private FilePath workspace() throws Exception {
        return step.getSaveAttachments() == null ? null : getContext().get(FilePath.class);
    }
}
