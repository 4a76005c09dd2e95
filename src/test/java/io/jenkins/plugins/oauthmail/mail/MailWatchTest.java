package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.mail.ExchangeTrait;
import io.jenkins.plugins.oauthmail.testing.mail.OnBothServers;
import io.jenkins.plugins.oauthmail.testing.mail.Tampering;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import jakarta.mail.Flags;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Learning that something has come. */
@OnBothServers
@Timeout(60)
class MailWatchTest {
    private static final Duration NEVER = Duration.ofHours(1);

    private final MailRig rig = new MailRig();
    private final Semaphore news = new Semaphore(0);

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void reportsEachMessageOverOneReadOnlyConnection() throws Exception {
        MailWatch watch = watch(NEVER, NEVER);
        FutureTask<Void> running = start(watch);
        news.acquire();
        for (int i = 0; i < 3; i++) {
            deliver();
            news.acquire();
        }
        watch.close();
        running.get();
        assertEquals(1, rig.server.imapConnections());
        assertTrue(heard("IDLE") && heard("DONE") && heard("EXAMINE"), () -> "" + rig.server.imapHeard());
        assertFalse(heard("SELECT") || heard("NOOP"), () -> "" + rig.server.imapHeard());
    }

    /** As Exchange for weeks in 2022. */
    @Test
    void checksASilentServerWithEachRenewal() throws Exception {
        rig.server.exchange().with(ExchangeTrait.SILENT_DURING_IDLE);
        MailWatch watch = watch(Duration.ofMillis(1), NEVER);
        FutureTask<Void> running = start(watch);
        news.acquire(3);
        watch.close();
        running.get();
        assertEquals(1, rig.server.imapConnections());
    }

    /** Told before IDLE has begun. */
    @Test
    void reportsMessagesThatArriveBeforeIdle() throws Exception {
        rig.server.exchange().with(ExchangeTrait.REPORTS_BEFORE_IDLE, ExchangeTrait.SILENT_DURING_IDLE);
        MailWatch watch = watch(NEVER, NEVER);
        FutureTask<Void> running = start(watch);
        news.acquire(2);
        watch.close();
        running.get();
    }

    @Test
    void renewsIdleBeforeTheConnectionIsDropped() throws Exception {
        MailWatch watch = watch(Duration.ofMillis(1), NEVER);
        FutureTask<Void> running = start(watch);
        news.acquire();
        Await.until(() -> rig.server.imapHeard().stream().filter("DONE"::equals).count() >= 3);
        deliver();
        news.acquire();
        watch.close();
        running.get();
        assertEquals(1, rig.server.imapConnections());
    }

    /** The server behind the fake does not always announce a message with the next NOOP. */
    private void deliverUntilNoticed() throws InterruptedException {
        do {
            deliver();
        } while (!news.tryAcquire(1, TimeUnit.SECONDS));
    }

    @Test
    void pollsAServerWithoutIdle() throws Exception {
        rig.server.imapScript().reply("CAPABILITY", "* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2\r\nOK done");
        MailWatch watch = watch(NEVER, Duration.ofMillis(1));
        FutureTask<Void> running = start(watch);
        news.acquire();
        deliverUntilNoticed();
        watch.close();
        running.get();
        assertTrue(heard("NOOP"), () -> "" + rig.server.imapHeard());
        assertFalse(heard("IDLE"), () -> "" + rig.server.imapHeard());
    }

    /** Some offer it to everybody and refuse it to some mailboxes. */
    @Test
    void pollsAServerThatRefusesIdle() throws Exception {
        rig.server.imapScript().reply("IDLE", "NO not for this mailbox");
        MailWatch watch = watch(NEVER, Duration.ofMillis(1));
        FutureTask<Void> running = start(watch);
        news.acquire();
        deliverUntilNoticed();
        watch.close();
        running.get();
        assertTrue(heard("NOOP"), () -> "" + rig.server.imapHeard());
        assertEquals(1, rig.server.imapConnections());
    }

    @Test
    void waitsAsLongAsARefusalOfIdleAsks() throws Exception {
        rig.server.imapScript().reply("IDLE", "BAD Request is throttled. Suggested Backoff Time: 3600000 milliseconds");
        MailWatch watch = watch(NEVER, Duration.ofMillis(1));
        FutureTask<Void> running = start(watch);
        Await.until(() -> heard("IDLE"));
        assertFalse(news.tryAcquire(200, TimeUnit.MILLISECONDS));
        assertFalse(heard("NOOP"), () -> "" + rig.server.imapHeard());
        watch.close();
        running.get();
    }

    /** To begin anew would be refused at the same place by a server that refuses every third command. */
    @Test
    void watchesAlthoughTheSecondListOfCapabilitiesIsRefused() throws Exception {
        AtomicInteger lists = new AtomicInteger();
        rig.server.tamperWithImap(command -> command.equals("CAPABILITY") && lists.incrementAndGet() % 2 == 0
                ? new Tampering.Instead("NO Request is throttled. Suggested Backoff Time: 1 milliseconds", false)
                : null);
        MailWatch watch = watch(NEVER, NEVER);
        FutureTask<Void> running = start(watch);
        news.acquire();
        assertEquals(1, rig.server.imapConnections());
        watch.close();
        running.get();
    }

    @Test
    void nextWatchWaitsAsLongAsARefusalAsks() throws Exception {
        rig.server
                .imapScript()
                .reply("CAPABILITY", "* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2\r\nOK done")
                .reply("NOOP", "NO Request is throttled. Suggested Backoff Time: 90000 milliseconds");
        ExecutionException failed =
                assertThrows(ExecutionException.class, () -> start(watch(NEVER, Duration.ofMillis(1)))
                        .get());
        MailFailure failure = (MailFailure) failed.getCause();
        assertEquals(Optional.of(Duration.ofSeconds(90)), failure.retryAfter());
        assertTrue(failure.passing());
    }

    @Test
    void waitsAsLongAsAnEndOfIdleAsks() throws Exception {
        FutureTask<Void> running = start(watch(NEVER, NEVER));
        news.acquire();
        Await.until(() -> rig.server.idling() > 0);
        rig.server.endIdling("* BYE Request is throttled. Suggested Backoff Time: 90000 milliseconds");
        ExecutionException failed = assertThrows(ExecutionException.class, running::get);
        assertEquals(Optional.of(Duration.ofSeconds(90)), ((MailFailure) failed.getCause()).retryAfter());
    }

    @Test
    void lostConnectionEndsTheWatchWithoutFailure() throws Exception {
        rig.server
                .imapScript()
                .reply("CAPABILITY", "* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2\r\nOK done")
                .drop("NOOP");
        FutureTask<Void> running = start(watch(NEVER, Duration.ofMillis(1)));
        running.get();
        assertTrue(heard("NOOP"), () -> "" + rig.server.imapHeard());
    }

    /** As behind a firewall that does not let IDLE through. */
    @Test
    void failsIfTheConnectionIsLostBeforeTheFolderIsWatched() {
        rig.server.imapScript().drop("IDLE");
        MailFailure lost =
                assertThrows(MailFailure.class, () -> watch(NEVER, NEVER).run(news::release));
        assertEquals(MailFailure.Layer.CONNECT, lost.layer());
        assertTrue(lost.passing(), lost.getMessage());
        assertEquals(0, news.availablePermits());
    }

    /** As Exchange says it about once an hour. */
    @Test
    void nextWatchMissesNothingAfterATokenExpired() throws Exception {
        FutureTask<Void> running = start(watch(NEVER, NEVER));
        news.acquire();
        Await.until(() -> rig.server.idling() > 0);
        String renewed = "renewed-token-0123456789";
        rig.server.accept(MailRig.USER, renewed);
        rig.server.endIdling("* BYE Session invalidated - AccessTokenExpired");
        running.get();
        assertEquals(0, news.availablePermits());
        deliver();
        rig.token(renewed);
        MailWatch next = watch(NEVER, NEVER);
        running = start(next);
        news.acquire();
        next.close();
        running.get();
        assertEquals(2, rig.server.imapConnections());
    }

    /** As Exchange was for weeks. */
    @Test
    void checksAServerThatIsSilentDuringIdleWithEachRenewal() throws Exception {
        MailWatch watch = watch(Duration.ofMillis(1), NEVER);
        FutureTask<Void> running = start(watch);
        news.acquire(4);
        watch.close();
        running.get();
        assertEquals(1, rig.server.imapConnections());
    }

    @Test
    void checksASilentServerWithoutIdleAsOften() throws Exception {
        rig.server.imapScript().reply("CAPABILITY", "* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2\r\nOK done");
        MailWatch watch = watch(Duration.ofMillis(1), Duration.ofMillis(1));
        FutureTask<Void> running = start(watch);
        news.acquire(4);
        watch.close();
        running.get();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CAPABILITY", "AUTHENTICATE", "EXAMINE", "IDLE", "NOOP"})
    void closesImmediatelyWhereverTheServerIsSilent(String command) throws Exception {
        if (command.equals("NOOP")) {
            rig.server.imapScript().reply("IDLE", "NO not for this mailbox");
        }
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        rig.server.imapScript().hold(command, arrived, never);
        MailWatch watch = watch(NEVER, Duration.ofMillis(1));
        FutureTask<Void> running = start(watch);
        arrived.await();
        watch.close();
        running.get();
        never.countDown();
    }

    /** It idles, and neither the end of that nor a good-bye is answered. */
    @Test
    void closesSoonIfTheServerIsSilentDuringIdle() throws Exception {
        rig.server.imapScript().reply("IDLE", "+ idling");
        MailWatch watch = watch(NEVER, NEVER);
        FutureTask<Void> running = start(watch);
        news.acquire();
        watch.close();
        running.get();
    }

    @Test
    void longTimeoutAppliesToIdleOnly() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        rig.server.imapScript().hold("EXAMINE", arrived, never);
        Duration soon = Duration.ofMillis(200);
        Timeouts patient = new Timeouts(
                20_000, 11 * 60_000, 60_000, Duration.ofMinutes(1), Duration.ofMinutes(1), soon, Duration.ofMinutes(1));
        MailWatch watch = new MailWatch(mailbox(), "INBOX", NEVER, NEVER, patient);
        ExecutionException failed =
                assertThrows(ExecutionException.class, () -> start(watch).get());
        assertTrue(((MailFailure) failed.getCause()).passing(), failed.getMessage());
        never.countDown();
    }

    /** A connection that a firewall has forgotten: what is sent arrives nowhere. */
    @Test
    void unansweredRenewalEndsTheWatch() throws Exception {
        rig.server.imapScript().reply("IDLE", "+ idling");
        Duration soon = Duration.ofMillis(200);
        Timeouts patient = new Timeouts(
                20_000, 11 * 60_000, 60_000, Duration.ofMinutes(1), Duration.ofMinutes(1), soon, Duration.ofMinutes(1));
        start(new MailWatch(mailbox(), "INBOX", Duration.ofMillis(1), NEVER, patient))
                .get();
        assertTrue(heard("DONE"), () -> "" + rig.server.imapHeard());
    }

    @Test
    void interruptEndsTheWatchAnywhere() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        rig.server.imapScript().hold("EXAMINE", arrived, never);
        FutureTask<Void> running = new FutureTask<>(() -> {
            watch(NEVER, NEVER).run(news::release);
            return null;
        });
        Thread thread = new Thread(running, "watch");
        thread.start();
        arrived.await();
        thread.interrupt();
        ExecutionException failed = assertThrows(ExecutionException.class, running::get);
        assertInstanceOf(InterruptedException.class, failed.getCause());
        never.countDown();
    }

    /** The administrator forgets the account while the token endpoint thinks about it. */
    @Test
    void doesNotLogInIfClosedWhileRequestingAToken() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch granted = new CountDownLatch(1);
        Mailbox slow = new Mailbox(
                MailRig.USER,
                rig.server.smtp(Security.NONE),
                rig.server.imap(Security.NONE),
                () -> {
                    asked.countDown();
                    granted.await();
                    return new AccessToken(MailRig.SHORT, Instant.now().plusSeconds(3600));
                },
                0);
        MailWatch watch = new MailWatch(slow, "INBOX", NEVER, NEVER);
        FutureTask<Void> running = start(watch);
        asked.await();
        watch.close();
        granted.countDown();
        running.get();
        assertEquals(0, rig.server.imapConnections());
    }

    @Test
    void endsImmediatelyIfClosedBefore() throws Exception {
        MailWatch watch = watch(NEVER, NEVER);
        watch.close();
        start(watch).get();
        assertFalse(heard("IDLE"), () -> "" + rig.server.imapHeard());
    }

    @Test
    void failsLikeAReadIfTheFolderCannotBeOpened() {
        MailWatch watch =
                new MailWatch(rig.mailbox(rig.server.smtp(Security.NONE), rig.server.imap(Security.NONE)), "Nowhere");
        ExecutionException failed =
                assertThrows(ExecutionException.class, () -> start(watch).get());
        assertEquals(MailFailure.Layer.FOLDER, ((MailFailure) failed.getCause()).layer());
    }

    private MailWatch watch(Duration renewal, Duration poll) {
        return new MailWatch(mailbox(), "INBOX", renewal, poll);
    }

    private Mailbox mailbox() {
        return rig.mailbox(rig.server.smtp(Security.NONE), rig.server.imap(Security.NONE));
    }

    private FutureTask<Void> start(MailWatch watch) {
        FutureTask<Void> running = new FutureTask<>(() -> {
            watch.run(news::release);
            return null;
        });
        Thread thread = new Thread(running, "watch");
        thread.setDaemon(true);
        thread.start();
        return running;
    }

    private void deliver() {
        byte[] raw = "Subject: x\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII);
        rig.server.deliver(MailRig.USER, "INBOX", raw, Instant.now(), new Flags());
    }

    private boolean heard(String command) {
        return rig.server.imapHeard().stream().anyMatch(line -> line.contains(command));
    }
}
