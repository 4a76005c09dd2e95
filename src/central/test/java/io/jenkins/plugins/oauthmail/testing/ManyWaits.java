package io.jenkins.plugins.oauthmail.testing;

import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.inmemory.Binder;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.inmemory.InMemoryStepContext;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.steps.OAuthMailReadStep;
import io.jenkins.plugins.oauthmail.testing.mail.ServerKind;
import io.jenkins.plugins.oauthmail.watch.FolderWatches;
import io.jenkins.plugins.oauthmail.watch.SharedReading;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/** Many builds that wait for mail of one account, and what that costs at the mail server. */
public final class ManyWaits implements AutoCloseable {
    private static final Pattern COMMAND = Pattern.compile("[A-Z]{1,3}\\d+ .*");

    private final JenkinsRig rig;
    private final String job;
    private final boolean graph;
    private final List<StepExecution> executions = new ArrayList<>();
    private final List<InMemoryStepContext> contexts = new ArrayList<>();
    private final Last last = new Last();
    private int connections;
    private int heard;

    /** @param job whose builds wait */
    public ManyWaits(JenkinsRig rig, String job) {
        this.rig = rig;
        this.job = job;
        graph = rig.mail().kind() == ServerKind.GRAPH;
    }

    /** Has a build wait. */
    public InMemoryStepContext start(Map<String, Object> how) throws Exception {
        Map<String, Object> arguments = new HashMap<>(how);
        arguments.putIfAbsent("account", JenkinsRig.ACCOUNT);
        arguments.putIfAbsent("waitFor", "1h");
        InMemoryStepContext context = new InMemoryStepContext()
                .with(Run.class, new InMemoryJob(job).build())
                .with(TaskListener.class, TaskListener.NULL);
        StepExecution execution =
                Binder.bind(OAuthMailReadStep.class, arguments).start(context);
        executions.add(execution);
        contexts.add(context);
        execution.start();
        return context;
    }

    /** Waits until all have looked for the first time. */
    public void awaitStart() throws Exception {
        FolderWatches.get().join(JenkinsRig.ACCOUNT, "INBOX", last);
        last.looks.acquire();
    }

    /** Waits until all have looked and nothing goes on at the server but the watch; what comes later is counted. */
    public void settle() throws Exception {
        awaitStart();
        Await.until(() -> rig.watches() == 1 && rig.readers() == 1);
        last.looks.drainPermits();
        connections = rig.mail().imapConnections();
        heard = heard().size();
    }

    /** Waits until all have looked again and the connection is closed. */
    public void awaitAll() throws Exception {
        awaitLooks();
        awaitQuiet();
    }

    /** Waits until all have looked again. */
    public void awaitLooks() throws Exception {
        last.looks.acquire();
    }

    /** Waits until only the watch is connected. */
    public void awaitQuiet() throws Exception {
        Await.until(() -> rig.readers() == 1);
    }

    /** How many connections were opened since all had settled. */
    public int connections() {
        return rig.mail().imapConnections() - connections;
    }

    private List<String> heard() {
        return graph ? rig.mail().graph().heard() : rig.mail().imapHeard();
    }

    /** The commands since all had settled, or the requests. */
    public List<String> commands() {
        List<String> lines = heard();
        if (graph) {
            return lines.subList(heard, lines.size());
        }
        return lines.subList(heard, lines.size()).stream()
                .filter(line -> COMMAND.matcher(line).matches())
                .map(line -> line.replaceFirst("(AUTHENTICATE XOAUTH2) .*", "$1"))
                .toList();
    }

    /** How many of the builds go on. */
    public long done() {
        return contexts.stream().filter(InMemoryStepContext::isDone).count();
    }

    public static byte[] mail(String subject) {
        String raw = "From: ann@contoso.test\r\nTo: " + JenkinsRig.ADDRESS + "\r\nSubject: " + subject
                + "\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nThe body of " + subject + ".\r\n";
        return raw.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws Exception {
        FolderWatches.get().leave(JenkinsRig.ACCOUNT, "INBOX", last);
        for (StepExecution execution : executions) {
            execution.stop(new InterruptedException("the test is over"));
        }
    }

    /** Looks after all the builds. */
    private final class Last implements FolderWatches.Listener {
        private final Semaphore looks = new Semaphore(0);

        @Override
        public Object owner() {
            return job;
        }

        @Override
        public void checkForMail(SharedReading shared) {
            looks.release();
        }

        @Override
        public void checkFailed(Throwable unforeseen) {
            throw new AssertionError(unforeseen);
        }

        @Override
        public void watchFailed(MailFailure reason) {
            throw new AssertionError(reason);
        }
    }
}
