package io.jenkins.plugins.oauthmail.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.oauthmail.account.AccountActivity;
import io.jenkins.plugins.oauthmail.account.ActivitySource;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.jobs.BoundSecrets;
import io.jenkins.plugins.oauthmail.jobs.JobAccess;
import io.jenkins.plugins.oauthmail.jobs.MailOrigin;
import io.jenkins.plugins.oauthmail.jobs.SentMessageIds;
import io.jenkins.plugins.oauthmail.jobs.WorkspaceSink;
import io.jenkins.plugins.oauthmail.mail.MailReader;
import io.jenkins.plugins.oauthmail.mail.model.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.model.MailChange;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import io.jenkins.plugins.oauthmail.mail.model.ReadResult;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.watch.ControllerStop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * Reads in the background without occupying a thread of the pipeline. Reading changes nothing on the server, so after a
 * restart of the controller it simply starts again, and checks the permission to read again. Changes on the server come
 * last, after the result was saved with the build, so that a restart in between loses no messages.
 */
class ReadMailExecution extends StepExecution {
    private static final long serialVersionUID = 1;
    private static final Logger LOGGER = Logger.getLogger(ReadMailExecution.class.getName());

    private final OAuthMailReadStep step;
    /** The result, once known. */
    private volatile ArrayList<Map<String, Object>> found;

    private transient volatile Future<?> reading;
    private transient volatile boolean stopped;
    private transient volatile boolean tracked;
    /** Whether the controller stopped when the messages were found, and perhaps changed. */
    private transient volatile boolean foundBefore;
    /** Failures of messages that cannot be read; each is reported once. */
    private transient Set<String> reportedProblems;

    ReadMailExecution(OAuthMailReadStep step, StepContext context) {
        super(context);
        this.step = step;
    }

    /** With the result of an execution that was saved; null for none yet. */
    ReadMailExecution(OAuthMailReadStep step, StepContext context, @CheckForNull ArrayList<Map<String, Object>> found) {
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
        foundBefore = found != null;
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
        if (stopped || ControllerStop.hasBegun()) {
            return;
        }
        try {
            conclude(result());
        } catch (Throwable failure) { // Errors too, or the pipeline would wait forever
            fail(failure);
        }
    }

    /** Completes the step with a result, unless that is null. */
    final void conclude(@CheckForNull List<Map<String, Object>> result) {
        if (result != null && over()) {
            getContext().onSuccess(result);
        }
    }

    final void fail(Throwable failure) {
        if (ControllerStop.hasBegun()) {
            // Perhaps because of that; it starts again when the controller is back.
            LOGGER.log(Level.FINE, "Reading has failed while the controller is being stopped", failure);
        } else if (over()) {
            record(failure);
            getContext().onFailure(said(failure));
        }
    }

    /** Like {@link #fail}, unless the messages were found; returns whether the step is over. */
    final boolean failUnlessFound(Throwable failure) {
        synchronized (this) {
            if (found != null || ControllerStop.hasBegun()) {
                return false;
            }
            if (stopped) {
                return true;
            }
            stopped = true;
        }
        ended();
        record(failure);
        getContext().onFailure(said(failure));
        return true;
    }

    /** Records a failure of the mailbox in its activity. */
    private void record(Throwable failure) {
        if (failure instanceof MailFailure why) {
            build().ifPresent(build -> OAuthMailConfiguration.get()
                    .account(step.getAccount())
                    .ifPresent(account ->
                            MailOrigin.of(ActivitySource.READ_STEP, build).notRead(account, why)));
        }
    }

    /** Which messages it reads, in words, without secrets. */
    final String conditions() {
        String words = step.filter().inWords();
        try {
            return BoundSecrets.mask(words, BoundSecrets.of(getContext()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /** The build; empty if it is gone. */
    final Optional<Run<?, ?>> build() {
        try {
            return Optional.ofNullable(getContext().get(Run.class));
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "The build of a step is gone", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    private static Throwable said(Throwable failure) {
        return failure instanceof MailFailure ? new AbortException(failure.getMessage()) : failure;
    }

    /** Marks the step as over; returns whether it was not over before. */
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

    /** Called when the step is over for any reason. */
    void ended() {}

    /** Whether that many messages are enough to complete the step. */
    boolean isEnough(int mails) throws AbortException {
        return true;
    }

    /** Runs the query; subclasses may share the result of another build. */
    ReadResult read(MailReader reader, MailQuery query, AttachmentSink sink, MailAccount account)
            throws MailFailure, InterruptedException {
        return AccountActivity.get().watch(account.getId(), MailUse.READ, () -> reader.read(query, sink, this::note));
    }

    /** Whether the messages were read and only remain to be changed on the server. */
    final boolean isFound() {
        return found != null;
    }

    /** Whether it takes turns with others, which must not wait for its changes on the server. */
    boolean takesTurns() {
        return false;
    }

    /**
     * Reads and changes messages.
     *
     * @return null if there are not enough messages yet, they were found and are to be changed outside of the turns, or
     *     the controller is being stopped
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
            if (!alreadyFound && takesTurns()) {
                // Saving may take a while, too, and an interrupt of the turn would keep the step waiting forever.
                begin();
                return null;
            }
            context.saveState().get();
            if (ControllerStop.hasBegun()) {
                // With some durability levels, nothing may have been saved.
                return null;
            }
            change(reader, query.folder(), change);
        }
        return found;
    }

    /** Records the messages found. From here on, only a failure or an abort ends the step, not the deadline. */
    private synchronized void found(ArrayList<Map<String, Object>> mails) throws InterruptedException {
        if (stopped) {
            throw new InterruptedException();
        }
        found = mails;
    }

    /**
     * Changes the messages that were read completely. Others are not even marked as seen: a job that reads unseen
     * messages would never find them again.
     */
    private void change(MailReader reader, String folder, MailChange change) throws Exception {
        List<MailId> ids = new ArrayList<>();
        for (Map<String, Object> mail : found) {
            MailId id = new MailId((String) mail.get("id"));
            if (mail.get("problems") instanceof List<?> problems && !problems.isEmpty()) {
                log(Messages.ReadMailExecution_unchanged(id, folder, problems.get(0)));
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
        Set<MailId> changed = new HashSet<>();
        List<MailId> gone;
        try {
            gone = reader.change(folder, ids, change, this::note, changed::add);
        } catch (MailFailure failure) {
            if (ControllerStop.hasBegun() || changed.isEmpty() && !foundBefore) {
                throw failure;
            }
            if (foundBefore) {
                // What was moved or deleted before would be nowhere but in this result, also what was not reached now.
                log(Messages.ReadMailExecution_unknown(folder, failure.getMessage()));
                return;
            }
            // What has been moved or deleted would be nowhere but in this result; the next build finds the others.
            ids.removeAll(changed);
            log(Messages.ReadMailExecution_halfway(ids.size(), folder, failure.getMessage()));
            Set<String> rest = ids.stream().map(MailId::value).collect(Collectors.toSet());
            // Replaced instead of modified, since the pipeline may be saved at any time.
            found = found.stream()
                    .filter(mail -> !rest.contains((String) mail.get("id")))
                    .collect(Collectors.toCollection(ArrayList::new));
            return;
        }
        for (MailId id : gone) {
            log(
                    foundBefore
                            ? Messages.ReadMailExecution_goneBefore(id, folder)
                            : Messages.ReadMailExecution_gone(id, folder));
        }
        if (gone.size() < ids.size()) {
            log(ChangeSummary.of(change));
        }
    }

    /**
     * The permission is checked at each check for mail, but the use of credentials is recorded once: fingerprints are
     * expensive to write.
     */
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
        ReadResult read = read(
                reader, query, WorkspaceSink.into(step.getSaveAttachments(), workspace(), query.folder()), account);
        for (String problem : read.problems()) {
            if (isNew(problem)) {
                log(Messages.ReadMailExecution_unreadable(problem));
            }
        }
        for (MailId id : read.gone()) {
            String sentence = Messages.ReadMailExecution_notThere(id, query.folder());
            if (isNew(sentence)) {
                log(sentence);
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
        MailOrigin.of(ActivitySource.READ_STEP, getContext().get(Run.class)).read(account, mails);
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
        if (reportedProblems == null) {
            reportedProblems = new HashSet<>();
        }
        return reportedProblems.add(problem);
    }

    /** Writes to the build log, if possible. */
    final void note(String sentence) {
        try {
            log(sentence);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "Cannot write to a build log", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    final void log(String sentence) throws IOException, InterruptedException {
        getContext().get(TaskListener.class).getLogger().println(Messages.ReadMailExecution_log(OneLine.of(sentence)));
    }

    private FilePath workspace() throws Exception {
        return step.getSaveAttachments() == null ? null : getContext().get(FilePath.class);
    }
}
