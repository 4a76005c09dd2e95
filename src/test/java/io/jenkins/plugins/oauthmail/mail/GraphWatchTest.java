package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.GraphService;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.mail.GraphTrait;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import jakarta.mail.Flags;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Learning with Microsoft Graph that something has come. */
@Timeout(60)
class GraphWatchTest {
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofMillis(1);

    private final MailRig rig = new MailRig();
    private final Semaphore news = new Semaphore(0);

    @BeforeEach
    void open() {
        rig.server.graph().with(GraphTrait.usual());
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void reportsEachMessage() throws Exception {
        deliver();
        MailWatch watch = watch(NEVER, SOON);
        FutureTask<Void> running = start(watch);
        news.acquire();
        for (int i = 0; i < 3; i++) {
            deliver();
            news.acquire();
        }
        end(watch, running);
        assertEquals(0, news.availablePermits());
        assertEquals(0, heard("$value"), "only the ids are asked for");
    }

    @Test
    void reportsNothingWhileNothingComes() throws Exception {
        deliver();
        MailWatch watch = watch(NEVER, SOON);
        FutureTask<Void> running = start(watch);
        news.acquire();
        Await.until(() -> heard("$deltatoken") >= 5);
        end(watch, running);
        assertEquals(0, news.availablePermits());
    }

    @Test
    void reportsNowAndThenInAnyCase() throws Exception {
        MailWatch watch = watch(SOON, SOON);
        FutureTask<Void> running = start(watch);
        news.acquire(4);
        end(watch, running);
    }

    @Test
    void pollsWhereTheServerDoesNotSayWhatIsNew() throws Exception {
        rig.server.graph().with(GraphTrait.HAS_NO_DELTA);
        MailWatch watch = watch(NEVER, SOON);
        FutureTask<Void> running = start(watch);
        news.acquire(4);
        end(watch, running);
    }

    @Test
    void beginsAnewWhenTheServerHasForgottenWhatWasNew() throws Exception {
        MailWatch watch = watch(NEVER, SOON);
        FutureTask<Void> running = start(watch);
        news.acquire();
        rig.server.graph().forgetChanges();
        news.acquire();
        deliver();
        news.acquire();
        end(watch, running);
    }

    @Test
    void throttlingKeepsThePosition() throws Exception {
        MailWatch watch = watch(NEVER, SOON);
        FutureTask<Void> running = start(watch);
        news.acquire();
        rig.server.graph().throttle("deltatoken", 1, 1);
        deliver();
        news.acquire();
        end(watch, running);
        assertEquals(1, heard("/delta {$filter") + heard("/delta {changeType"), "begun once");
    }

    @Test
    void lostConnectionEndsTheWatchWithoutFailure() throws Exception {
        rig.server.graph().refuse("deltatoken", 1, 502, "BadGateway", "The connection to the mailbox was lost.");
        start(watch(NEVER, SOON)).get();
    }

    @Test
    void refusalEndsTheWatchWithAFailure() {
        rig.server.graph().refuse("deltatoken", 1, 403, "ErrorAccessDenied", "Access is denied.");
        ExecutionException failed = assertThrows(
                ExecutionException.class, () -> start(watch(NEVER, SOON)).get());
        MailFailure failure = (MailFailure) failed.getCause();
        assertEquals(MailFailure.Layer.PERMISSION, failure.layer());
        assertFalse(failure.passing());
    }

    @Test
    void doesNotFollowAListWithoutEnd() {
        rig.server.graph().goInCircles("/delta ");
        ExecutionException failed = assertThrows(
                ExecutionException.class, () -> start(watch(NEVER, SOON)).get());
        MailFailure failure = (MailFailure) failed.getCause();
        assertTrue(failure.getMessage().contains("without end"), failure.getMessage());
        assertTrue(failure.passing());
    }

    @Test
    void doesNotFollowChangesWithoutEnd() throws Exception {
        FutureTask<Void> running = start(watch(NEVER, SOON));
        news.acquire();
        rig.server.graph().goInCircles("/delta ");
        running.get(); // and begins anew
    }

    @Test
    void closesImmediatelyWhileTheServerIsSilent() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch arrived = rig.server.graph().hold("delta", never);
        MailWatch watch = watch(NEVER, SOON);
        FutureTask<Void> running = start(watch);
        arrived.await();
        end(watch, running);
        never.countDown();
    }

    @Test
    void interruptEndsTheWatchWhileTheServerIsSilent() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch arrived = rig.server.graph().hold("delta", never);
        FutureTask<Void> running = task(watch(NEVER, SOON));
        Thread thread = new Thread(running, "watch");
        thread.start();
        arrived.await();
        thread.interrupt();
        ExecutionException failed = assertThrows(ExecutionException.class, running::get);
        assertInstanceOf(InterruptedException.class, failed.getCause());
        never.countDown();
    }

    @Test
    void sendsNoTokenIfClosedWhileItIsRequested() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch granted = new CountDownLatch(1);
        Mailbox box = rig.graphMailbox(true);
        GraphService graph = box.graph();
        Mailbox slow = new Mailbox(
                MailRig.USER,
                box.smtp(),
                box.imap(),
                () -> {
                    asked.countDown();
                    granted.await();
                    return new AccessToken(MailRig.SHORT, Instant.now().plusSeconds(3600));
                },
                0,
                graph);
        MailWatch watch = new MailWatch(slow, "INBOX", NEVER, SOON);
        FutureTask<Void> running = start(watch);
        asked.await();
        watch.close();
        granted.countDown();
        running.get();
        assertEquals(0, rig.server.graph().heard().size());
    }

    @Test
    void endsImmediatelyIfClosedBefore() throws Exception {
        MailWatch watch = watch(NEVER, SOON);
        watch.close();
        start(watch).get();
        assertEquals(0, rig.server.graph().heard().size());
    }

    @Test
    void endsWhenAnotherFolderHasTheName() throws Exception {
        rig.server.makeFolder(MailRig.USER, "First");
        rig.server.graph().rename("First", "Tickets");
        FutureTask<Void> running = start(new MailWatch(rig.graphMailbox(true), "Tickets", SOON, SOON));
        news.acquire(3);
        rig.server.makeFolder(MailRig.USER, "Tickets");
        rig.server.graph().rename("First", "Old tickets");
        running.get();
    }

    @Test
    void failsLikeAReadIfTheFolderCannotBeOpened() {
        MailWatch watch = new MailWatch(rig.graphMailbox(true), "Nowhere");
        ExecutionException failed =
                assertThrows(ExecutionException.class, () -> start(watch).get());
        assertEquals(MailFailure.Layer.FOLDER, ((MailFailure) failed.getCause()).layer());
        assertTrue(failed.getCause().getMessage().contains("Nowhere"));
    }

    private MailWatch watch(Duration renewal, Duration poll) {
        return new MailWatch(rig.graphMailbox(true), "INBOX", renewal, poll);
    }

    private FutureTask<Void> task(MailWatch watch) {
        return new FutureTask<>(() -> {
            watch.run(news::release);
            return null;
        });
    }

    private FutureTask<Void> start(MailWatch watch) {
        FutureTask<Void> running = task(watch);
        Thread thread = new Thread(running, "watch");
        thread.setDaemon(true);
        thread.start();
        return running;
    }

    private static void end(MailWatch watch, FutureTask<Void> running) throws Exception {
        watch.close();
        running.get();
    }

    private void deliver() {
        byte[] raw = "Subject: x\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII);
        rig.server.deliver(MailRig.USER, "INBOX", raw, Instant.now(), new Flags());
    }

    private long heard(String part) {
        return rig.server.graph().heard().stream()
                .filter(request -> request.contains(part))
                .count();
    }
}
