package io.jenkins.plugins.oauthmail.trigger;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.plugins.credentials.CredentialsScope;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.model.Queue;
import hudson.model.TaskListener;
import io.jenkins.inmemory.InMemoryCredentials;
import io.jenkins.inmemory.InMemoryJenkins;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.inmemory.InMemoryRun;
import io.jenkins.plugins.oauthmail.account.ActivityLog;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailAddress;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.watch.FolderWatches;
import io.jenkins.plugins.oauthmail.watch.SharedReading;
import jakarta.mail.Flags;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jenkins.model.Jenkins;

/** An authorized account, and a job that its mail starts. */
final class TriggerRig implements AutoCloseable {
    static final String JOB = "demo/deploy";
    static final String ANN = "ann@contoso.test";

    private final JenkinsRig rig = JenkinsRig.defined();
    private InMemoryJob job;
    private OAuthMailTrigger trigger;

    TriggerRig() throws Exception {
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        job = job();
    }

    private static InMemoryJob job() {
        InMemoryJob made = new InMemoryJob(JOB);
        InMemoryJenkins.current().items().add(made);
        return made;
    }

    JenkinsRig jenkins() {
        return rig;
    }

    InMemoryJob deploy() {
        return job;
    }

    OAuthMailTrigger trigger() {
        return trigger;
    }

    ArrivalJournal journal() {
        return ArrivalJournal.of(job);
    }

    /** As when the trigger has read at a position of the inbox, and stays there. */
    Progress progress(FolderPosition here, boolean more) {
        return new Progress(JenkinsRig.ACCOUNT, JenkinsRig.ADDRESS, "INBOX", Instant.now(), here, here, more, null);
    }

    static OAuthMailTrigger from(String senders) {
        OAuthMailTrigger made = new OAuthMailTrigger(JenkinsRig.ACCOUNT);
        made.setFrom(senders);
        return made;
    }

    /** Gives the job this trigger and starts it, as saving the job's form does. */
    void start(OAuthMailTrigger made) throws Exception {
        stop();
        trigger = made;
        job.trigger(made);
        made.start(job, true);
    }

    private void stop() throws Exception {
        if (trigger != null) {
            trigger.stop();
            awaitNobodyInTheMailbox();
        }
    }

    void awaitNobodyInTheMailbox() throws Exception {
        Await.until(() -> rig.readers() == 0);
    }

    /** As {@link #start}, and waits until it has looked into the folder for the first time. */
    void watch(OAuthMailTrigger made) throws Exception {
        start(made);
        Await.until(() -> journal().position(JenkinsRig.ACCOUNT, made.getFolder()) != null);
    }

    /** Has the trigger check for mail, and waits until it has. */
    void check() throws Exception {
        CountDownLatch checked = new CountDownLatch(1);
        FolderWatches.Listener next = new FolderWatches.Listener() {
            @Override
            public void checkForMail(@NonNull SharedReading shared) {
                checked.countDown();
            }

            @Override
            public void watchFailed(@NonNull MailFailure failure) {
                // The trigger reports it.
            }

            @Override
            public void checkFailed(@NonNull Throwable unforeseen) {
                throw new AssertionError(unforeseen);
            }
        };
        FolderWatches watches = FolderWatches.get();
        watches.nudge(JenkinsRig.ACCOUNT, trigger.getFolder(), trigger.watch().orElseThrow());
        watches.join(JenkinsRig.ACCOUNT, trigger.getFolder(), next);
        try {
            assertTrue(checked.await(20, TimeUnit.SECONDS), "checked");
        } finally {
            watches.leave(JenkinsRig.ACCOUNT, trigger.getFolder(), next);
        }
    }

    /** The controller dies and comes back with what is on its disk, but for the queue. */
    void crash() throws Exception {
        String rootUrl = rig.jenkins().rootUrl();
        stop();
        InMemoryJenkins.current().close();
        InMemoryJenkins again = InMemoryJenkins.start(rig.home(), rootUrl);
        again.credentials()
                .add(InMemoryCredentials.secretText(CredentialsScope.SYSTEM, "secret", JenkinsRig.CLIENT_SECRET));
        again.grant("admin", Jenkins.ADMINISTER);
        job = job();
    }

    void mail(String from, String subject, String... more) {
        mail(from, subject, Instant.now(), more);
    }

    /** A message that came into the mailbox at another time. */
    void mail(String from, String subject, Instant received, String... more) {
        String header = more.length == 0 ? "" : String.join("\r\n", more) + "\r\n";
        String raw = "From: " + from + "\r\nTo: " + JenkinsRig.ADDRESS + "\r\nSubject: " + subject + "\r\n" + header
                + "\r\nThe body.\r\n";
        rig.mail().deliver(JenkinsRig.ADDRESS, "INBOX", raw.getBytes(StandardCharsets.UTF_8), received, new Flags());
    }

    /** One of many messages of Ann that are told apart by their numbers. */
    static ReceivedMail received(int number) {
        return new ReceivedMail(
                new MailId("1:" + number),
                "<" + number + "@contoso.test>",
                null,
                List.of(),
                List.of(new MailAddress(null, ANN)),
                List.of(),
                List.of(),
                List.of(),
                "mail " + number,
                null,
                Instant.EPOCH,
                "x",
                null,
                "x",
                List.of(),
                Map.of(),
                false,
                ReceivedMail.Authentication.none("x"),
                List.of(),
                0,
                List.of());
    }

    /** As the trigger records {@link #received}. */
    static ArrivedMail arrived(int number) {
        return new ArrivedMail(
                JenkinsRig.ACCOUNT, "INBOX", received(number), LostMails.get().life());
    }

    static List<Queue.Item> queue() {
        return Arrays.asList(Queue.getInstance().getItems());
    }

    static List<String> queuedSubjects() {
        return queue().stream()
                .map(item -> item.getAction(ArrivedMail.class).getSubject())
                .toList();
    }

    /** The queue lets a build begin. */
    InMemoryRun begin(Queue.Item item) {
        InMemoryRun build = job.build();
        build.addAction(item.getAction(ArrivedMail.class));
        build.getRootDir().mkdirs();
        new MailBuilds.Begun().onStarted(build, TaskListener.NULL);
        return build;
    }

    static EnvVars variables(InMemoryRun build) {
        EnvVars variables = new EnvVars();
        build.getAction(ArrivedMail.class).buildEnvironment(build, variables);
        return variables;
    }

    @Override
    public void close() throws Exception {
        stop();
        ActivityLog.saveAtTheEnd();
        InMemoryJenkins.current().close();
        rig.close();
    }
}
