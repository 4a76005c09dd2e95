package io.jenkins.inmemory;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.model.Cause;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.User;
import hudson.scm.ChangeLogSet;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import jenkins.scm.RunWithSCM;

/** A build whose result, variables, causes and changes the test sets. */
public final class InMemoryRun extends Run<InMemoryJob, InMemoryRun> implements RunWithSCM<InMemoryJob, InMemoryRun> {
    private final int number;
    private final transient InMemoryRun previous;
    private final Map<String, String> variables = new TreeMap<>();
    private final transient List<Cause> causes = new ArrayList<>();
    private final transient List<Change> changes = new ArrayList<>();
    private String log = "";
    private transient volatile boolean unsaved;
    private final transient AtomicInteger saves = new AtomicInteger();
    private transient volatile Saving saving;

    InMemoryRun(InMemoryJob job, int number, @CheckForNull InMemoryRun previous) {
        super(job);
        this.number = number;
        this.previous = previous;
    }

    @NonNull
    public InMemoryRun with(@NonNull String variable, @NonNull String value) {
        variables.put(variable, value);
        return this;
    }

    @NonNull
    public InMemoryRun because(@NonNull Cause cause) {
        causes.add(cause);
        return this;
    }

    @NonNull
    public InMemoryRun log(@NonNull String text) {
        log = text;
        return this;
    }

    @NonNull
    public InMemoryRun changed(@NonNull String author, @NonNull String commit, @NonNull String message) {
        changes.add(new Change(author, commit, message));
        return this;
    }

    /** As if the disk were full, or no longer. */
    public void refuseToSave(boolean now) {
        unsaved = now;
    }

    /** What happens whenever it is saved; null for nothing. */
    public void onSave(@CheckForNull Saving now) {
        saving = now;
    }

    /** What happens when a build is saved. */
    public interface Saving {
        void begun() throws IOException;
    }

    /** How many times it was saved. */
    public int saves() {
        return saves.get();
    }

    @Override
    public void save() throws IOException {
        if (unsaved) {
            throw new IOException("No space left on device");
        }
        saves.incrementAndGet();
        Saving now = saving;
        if (now != null) {
            now.begun();
        }
    }

    @NonNull
    @Override
    public InputStream getLogInputStream() {
        return new ByteArrayInputStream(log.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int getNumber() {
        return number;
    }

    @CheckForNull
    @Override
    public InMemoryRun getPreviousBuild() {
        return previous;
    }

    @NonNull
    @Override
    public List<Cause> getCauses() {
        return causes;
    }

    @NonNull
    @Override
    public List<ChangeLogSet<? extends ChangeLogSet.Entry>> getChangeSets() {
        return List.of(new ChangeLogSet<Change>(this, null) {
            @Override
            public Iterator<Change> iterator() {
                return changes.iterator();
            }
        });
    }

    @NonNull
    @Override
    public EnvVars getEnvironment(@NonNull TaskListener listener) throws IOException, InterruptedException {
        EnvVars environment = super.getEnvironment(listener);
        environment.putAll(variables);
        return environment;
    }

    private static final class Change extends ChangeLogSet.Entry {
        private final String author;
        private final String commit;
        private final String message;

        Change(String author, String commit, String message) {
            this.author = author;
            this.commit = commit;
            this.message = message;
        }

        @Override
        public String getCommitId() {
            return commit;
        }

        @Override
        public String getMsg() {
            return message;
        }

        @Override
        public User getAuthor() {
            return User.getById(author, true);
        }
    }
}
