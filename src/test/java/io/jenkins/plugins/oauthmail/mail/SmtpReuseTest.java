package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import io.jenkins.plugins.oauthmail.testing.mail.OnBothServers;
import io.jenkins.plugins.oauthmail.testing.mail.ServerKind;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that outlive a mail. */
@OnBothServers
class SmtpReuseTest {

    private final MailRig rig = new MailRig();
    private final MailSender sender = rig.sender();

    @AfterEach
    void stop() {
        sender.close();
        rig.close();
    }

    private int arrived() {
        return rig.server.mails("dev@example.com", "INBOX").size();
    }

    private long heard(String command) {
        return rig.server.smtpHeard().stream()
                .filter(line -> line.startsWith(command))
                .count();
    }

    @Test
    void sendsTwentyMessagesWithOneLogin() throws Exception {
        for (int i = 0; i < 20; i++) {
            sender.send(new Draft().mail());
        }
        assertEquals(20, arrived());
        assertEquals(1, rig.server.smtpConnections());
        assertEquals(1, heard("AUTH"));
    }

    @Test
    void closesAConnectionAfterAMinuteOfIdleness() throws Exception {
        sender.send(new Draft().mail());
        rig.time.advance(Duration.ofSeconds(40));
        sender.send(new Draft().mail());
        rig.time.advance(Duration.ofSeconds(40));
        assertEquals(0, heard("QUIT"));
        rig.time.advance(Duration.ofSeconds(20));
        sender.send(new Draft().mail());
        assertEquals(2, rig.server.smtpConnections());
        assertEquals(1, heard("QUIT"));
    }

    @Test
    void closedSenderKeepsNoConnection() throws Exception {
        OutgoingMail late = new Draft()
                .attach(new OutgoingMail.Attachment("a", 1, () -> {
                    sender.close();
                    return new ByteArrayInputStream(new byte[1]);
                }))
                .mail();
        sender.send(late);
        assertEquals(1, arrived());
        sender.send(new Draft().mail());
        assertEquals(2, rig.server.smtpConnections());
        sender.send(new Draft().mail());
        assertEquals(3, rig.server.smtpConnections());
    }

    @Test
    void doesNotReuseAConnectionWhoseTokenExpiresSoon() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Mailbox mailbox = new Mailbox(
                MailRig.USER,
                rig.server.smtp(Security.NONE),
                rig.server.imap(Security.NONE),
                () -> {
                    asked.incrementAndGet();
                    return new AccessToken(MailRig.SHORT, rig.time.now().plusSeconds(90));
                },
                0);
        try (MailSender brief = new MailSender(mailbox, Timeouts.DEFAULT, rig.time, 1)) {
            brief.send(new Draft().mail());
            rig.time.advance(Duration.ofSeconds(20));
            brief.send(new Draft().mail());
            assertEquals(1, asked.get());
            rig.time.advance(Duration.ofSeconds(15));
            brief.send(new Draft().mail());
        }
        assertEquals(2, asked.get());
        assertEquals(2, rig.server.smtpConnections());
        assertEquals(3, arrived());
    }

    /** What servers say when the session has run out, and what they do without a word. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "421 4.4.2 Connection timed out",
                "530 5.7.57 Client not authenticated to send mail.",
                "535 5.7.3 Authentication unsuccessful",
                "451 4.7.0 Session invalidated - AccessTokenExpired",
                "451 4.7.0 Timeout waiting for client input",
                "451 4.4.2 Idle for too long",
                ""
            })
    void replacesAnEndedSession(String reply) throws Exception {
        sender.send(new Draft().mail());
        rig.time.advance(Duration.ofSeconds(30));
        if (reply.isEmpty()) {
            rig.server.smtpScript().drop("MAIL", 1);
        } else {
            rig.server.smtpScript().reply("MAIL", reply, 1);
        }
        List<String> notices = new ArrayList<>();
        sender.send(new Draft().mail(), notices::add);
        assertEquals(2, arrived());
        assertEquals(2, rig.server.smtpConnections());
        assertEquals(2, heard("AUTH"));
        assertEquals(List.of(), notices);
        assertEquals(List.of(), rig.time.pauses());
    }

    @Test
    void doesNotRetryFaultyMessagesOnAnotherConnection() throws Exception {
        sender.send(new Draft().mail());
        rig.server.smtpScript().reply("MAIL", "554 5.2.0 SendAsDenied", 1);
        assertThrows(MailFailure.class, () -> sender.send(new Draft().mail()));
        sender.send(new Draft().mail());
        assertEquals(1, rig.server.smtpConnections());
        assertEquals(2, arrived());
    }

    @Test
    void reusesAConnectionAfterARefusedMessage() throws Exception {
        rig.server.smtpScript().reply("RCPT TO:<gone@", "550 5.1.1 no such user");
        assertThrows(
                MailFailure.class,
                () -> sender.send(new Draft().to("gone@example.com").mail()));
        rig.server.smtpScript().reply(".", "554 5.6.0 content rejected", 1);
        assertThrows(MailFailure.class, () -> sender.send(new Draft().mail()));
        sender.send(new Draft().mail());
        assertEquals(1, arrived());
        assertTrue(rig.server.smtpConnections() <= 2, "connections: " + rig.server.smtpConnections());
    }

    @Test
    void opensAtMostThreeConnectionsAndReportsTheWait() throws Exception {
        CountDownLatch threeBusy = new CountDownLatch(3);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch waits = new CountDownLatch(1);
        Set<String> notices = ConcurrentHashMap.newKeySet();
        OutgoingMail slow = new Draft()
                .attach(new OutgoingMail.Attachment("a", 1, () -> {
                    threeBusy.countDown();
                    go.await();
                    return new ByteArrayInputStream(new byte[1]);
                }))
                .mail();
        ExecutorService builds = Executors.newFixedThreadPool(4);
        try {
            List<Future<SentMail>> sent = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                sent.add(builds.submit(() -> sender.send(slow)));
            }
            assertTrue(threeBusy.await(60, TimeUnit.SECONDS));
            sent.add(builds.submit((Callable<SentMail>) () -> sender.send(new Draft().mail(), notice -> {
                notices.add(notice);
                waits.countDown();
            })));
            assertTrue(waits.await(60, TimeUnit.SECONDS));
            go.countDown();
            for (Future<SentMail> mail : sent) {
                mail.get(60, TimeUnit.SECONDS);
            }
        } finally {
            builds.shutdownNow();
        }
        assertEquals(
                Set.of("waiting for one of the 3 connections of build@example.com, because all are in use."), notices);
        assertEquals(4, arrived());
        assertEquals(3, rig.server.smtpConnections());
    }

    @Test
    void abortedBuildStopsWaitingForAConnection() throws Exception {
        CountDownLatch threeBusy = new CountDownLatch(3);
        CountDownLatch go = new CountDownLatch(1);
        OutgoingMail slow = new Draft()
                .attach(new OutgoingMail.Attachment("a", 1, () -> {
                    threeBusy.countDown();
                    go.await();
                    return new ByteArrayInputStream(new byte[1]);
                }))
                .mail();
        ExecutorService builds = Executors.newFixedThreadPool(4);
        try {
            List<Future<SentMail>> sent = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                sent.add(builds.submit(() -> sender.send(slow)));
            }
            assertTrue(threeBusy.await(60, TimeUnit.SECONDS));
            Future<SentMail> stopped = builds.submit(() -> {
                Thread build = Thread.currentThread();
                return sender.send(new Draft().mail(), notice -> build.interrupt());
            });
            ExecutionException end = assertThrows(ExecutionException.class, () -> stopped.get(60, TimeUnit.SECONDS));
            assertEquals(InterruptedException.class, end.getCause().getClass());
            go.countDown();
            for (Future<SentMail> mail : sent) {
                mail.get(60, TimeUnit.SECONDS);
            }
            sender.send(new Draft().mail());
        } finally {
            builds.shutdownNow();
        }
        assertEquals(4, arrived());
    }

    @Test
    void replacedSenderCountsTowardsTheLimit() throws Exception {
        CountDownLatch threeBusy = new CountDownLatch(3);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch waits = new CountDownLatch(1);
        OutgoingMail slow = new Draft()
                .attach(new OutgoingMail.Attachment("a", 1, () -> {
                    threeBusy.countDown();
                    go.await();
                    return new ByteArrayInputStream(new byte[1]);
                }))
                .mail();
        ExecutorService builds = Executors.newFixedThreadPool(4);
        try (MailSender next =
                sender.successor(rig.mailbox(rig.server.smtp(Security.NONE), rig.server.imap(Security.NONE)))) {
            List<Future<SentMail>> sent = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                sent.add(builds.submit(() -> sender.send(slow)));
            }
            assertTrue(threeBusy.await(60, TimeUnit.SECONDS));
            sender.close();
            sent.add(builds.submit(() -> next.send(new Draft().mail(), notice -> waits.countDown())));
            assertTrue(waits.await(60, TimeUnit.SECONDS));
            assertEquals(3, rig.server.smtpConnections());
            go.countDown();
            for (Future<SentMail> mail : sent) {
                mail.get(60, TimeUnit.SECONDS);
            }
        } finally {
            go.countDown();
            builds.shutdownNow();
        }
        assertEquals(4, arrived());
    }

    @Test
    void failedLoginFreesItsConnection() throws Exception {
        rig.server.smtpScript().reply("AUTH", "535 5.7.3 Authentication unsuccessful", 5);
        for (int i = 0; i < 5; i++) {
            assertThrows(MailFailure.class, () -> sender.send(new Draft().mail()));
        }
        sender.send(new Draft().mail());
        assertEquals(1, arrived());
    }

    @ParameterizedTest
    @CsvSource({"plain, BDAT", "'a\n.\n..b', DATA"})
    void pipelinesWholeMessagesIfTheServerSupportsIt(String text, String command) throws Exception {
        rig.server.smtpTraits().chunking(true);
        sender.send(new Draft().text(text).mail());
        sender.send(new Draft().text(text).mail());
        assertEquals(2, heard(rig.server.kind() == ServerKind.EXCHANGE ? "DATA" : command));
        assertEquals(2, heard("BDAT") + heard("DATA"));
        assertEquals(2, arrived());
        assertEquals(
                text.replace("\n", "\r\n"),
                rig.server
                        .mails("dev@example.com", "INBOX")
                        .get(1)
                        .getContent()
                        .toString()
                        .stripTrailing());
    }

    /** Else a mail that met a dead connection would be one of unknown fate. */
    @Test
    void sendsTheEnvelopeFirstOnAnIdleConnection() throws Exception {
        rig.server.smtpTraits().chunking(true);
        sender.send(new Draft().mail());
        rig.time.advance(Duration.ofSeconds(30));
        rig.server.smtpScript().drop("MAIL", 1);
        sender.send(new Draft().mail());
        assertEquals(2, arrived());
        assertEquals(2, rig.server.smtpConnections());
    }

    @Test
    void doesNotBuildLargeMessagesInMemory() throws Exception {
        rig.server.smtpTraits().chunking(true);
        sender.send(new Draft().attach("a.bin", new byte[100_000]).mail());
        assertEquals(0, heard("BDAT "));
        assertEquals(1, heard("DATA"));
        assertFalse(arrived() == 0);
    }
}
