package io.jenkins.plugins.oauthmail.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.oauthmail.account.AccountActivity;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.jobs.JobAccess;
import io.jenkins.plugins.oauthmail.jobs.SentMessageIds;
import io.jenkins.plugins.oauthmail.jobs.WorkspaceSink;
import io.jenkins.plugins.oauthmail.mail.MailReader;
import io.jenkins.plugins.oauthmail.mail.model.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.model.MailChange;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReadResult;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * Reads in the background and holds no thread of the pipeline. Reading changes nothing on the server, so that a
 * controller's restart simply has it begin again, with the right to read checked anew. What is to be changed there is
 * changed last, when the result is saved with the build: a restart in between loses no mail.
 */
class ReadMailExecution extends StepExecution {
    private static final long serialVersionUID = 1;
    private static final Logger LOGGER = Logger.getLogger(ReadMailExecution.class.getName());

    private final OAuthMailReadStep step;
    /** The result, as soon as it is there. */
    private volatile ArrayList<Map<String, Object>> found;

    private transient volatile Future<?> reading;
    private transient volatile boolean stopped;
    private transient volatile boolean tracked;
    /** Mails that cannot be read, each of which is named once. */
    private transient Set<String> told;

    ReadMailExecution(OAuthMailReadStep step, StepContext context) {
        super(context);
        this.step = step;
    }

    /** With the result of an execution that was saved; null for none yet. */
    ReadMailExecution(
            OAuthMailReadStep step, StepContext context, @CheckForNull ArrayList<Map<String, Object>> found) {
        this(step, context);
        this.found = found;
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
    ReadResult read(MailReader reader, MailQuery query, AttachmentSink sink, MailAccount account)
            throws MailFailure, InterruptedException {
        return AccountActivity.get().watch(account.getId(), MailUse.READ, () -> reader.read(query, sink, this::note));
    }

    /** Whether the mails were read and only have to be changed on the server. */
    final boolean isFound() {
        return found != null;
    }

    /** Whether its looks take turns with those of others, who must not wait for what it changes on the server. */
    boolean takesTurns() {
        return false;
    }

    /**
     * Reads and changes.
     *
     * @return null if it is not enough yet, or the mails were found and are to be changed without the others' turns
     */
    @CheckForNull
    final List<Map<String, Object>> result() throws Exception {
        StepContext context = getContext();
        Run<?, ?> build = context.get(Run.class);
        MailAccount account = account(build);
        MailQuery query = SentMessageIds.widen(step.query(), build);
        MailChange change = step.change();
        JobAccess.checkRule(account, query);
        MailReader reader = JobAccess.reader(account);
        boolean alreadyFound = found != null;
        if (!alreadyFound) {
            ArrayList<Map<String, Object>> mails = read(reader, query, account);
            if (mails == null) {
                return null;
            }
            found(mails);
        }
        if (!change.nothing() && !found.isEmpty()) {
            context.saveState().get();
            if (!alreadyFound && takesTurns()) {
                begin();
                return null;
            }
            change(reader, query.folder(), change);
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

    /**
     * Changes the mails of which everything was read. Marking as seen is no exception: to a job that reads unseen mail a
     * mail that is marked is gone.
     */
    private void change(MailReader reader, String folder, MailChange change) throws Exception {
        List<MailId> ids = new ArrayList<>();
        for (Map<String, Object> mail : found) {
            MailId id = new MailId((String) mail.get("id"));
            if (mail.get("problems") instanceof List<?> problems && !problems.isEmpty()) {
                log(Messages.ReadMailExecution_leftAlone(id, folder, problems.get(0)));
            } else {
                ids.add(id);
            }
        }
        if (stopped) {
            throw new InterruptedException();
        }
        if (ids.isEmpty()) {
            return;
        }
        List<MailId> gone = reader.change(folder, ids, change, this::note);
        for (MailId id : gone) {
            log(Messages.ReadMailExecution_gone(id, folder));
        }
        if (gone.size() < ids.size()) {
            log(ChangeSummary.of(change));
        }
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

    @CheckForNull
    private ArrayList<Map<String, Object>> read(MailReader reader, MailQuery query, MailAccount account)
            throws Exception {
        ReadResult read = read(reader, query, WorkspaceSink.into(step.getSaveAttachments(), workspace()), account);
        for (String problem : read.problems()) {
            if (isNew(problem)) {
                log(Messages.ReadMailExecution_unreadable(problem));
            }
        }
        List<ReceivedMail> mails = read.mails();
        if (!isEnough(mails.size())) {
            return null;
        }
        if (mails.isEmpty() && !read.problems().isEmpty()) {
            throw new AbortException(read.problems().get(0));
        }
        log(Messages.ReadMailExecution_read(mails.size(), query.folder(), account.getId()));
        ArrayList<Map<String, Object>> result = new ArrayList<>();
        for (ReceivedMail mail : mails) {
            for (String problem : mail.problems()) {
                log(Messages.ReadMailExecution_incomplete(mail.id(), problem));
            }
            result.add(mail.toMap());
        }
        return result;
    }

    private synchronized boolean isNew(String problem) {
        if (told == null) {
            told = new HashSet<>();
        }
        return told.add(problem);
    }

    /** For the build log, if it can be written. */
    final void note(String sentence) {
        try {
            log(sentence);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "The log of a build cannot be written", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    final void log(String sentence) throws IOException, InterruptedException {
        getContext().get(TaskListener.class).getLogger().println(Messages.ReadMailExecution_log(sentence));
    }

    private FilePath workspace() throws Exception {
        return step.getSaveAttachments() == null ? null : getContext().get(FilePath.class);
    }
}
