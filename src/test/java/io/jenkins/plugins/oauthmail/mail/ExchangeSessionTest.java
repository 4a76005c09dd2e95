package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.mail.ExchangeSays;
import io.jenkins.plugins.oauthmail.testing.mail.ExchangeTrait;
import io.jenkins.plugins.oauthmail.testing.mail.OnBothServers;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import io.jenkins.plugins.oauthmail.token.TokenSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long Exchange puts up with clients, and with how many. */
@OnBothServers
@Timeout(60)
class ExchangeSessionTest {

    private static final Duration NEVER = Duration.ofHours(1);

    private final MailRig rig = new MailRig();
    private final List<String> notices = new ArrayList<>();

    @AfterEach
    void stop() {
        rig.close();
    }

    private void put(String subject) {
        rig.server.deliver(MailRig.USER, "From: ann@example.com\r\nSubject: " + subject + "\r\n\r\nbody\r\n");
    }

    private List<String> subjects(MailReader reader) throws Exception {
        return reader.read(MailQuery.in("INBOX").subject("one").build(), null, notices::add).mails().stream()
                .map(ReceivedMail::subject)
                .toList();
    }

    private MailWatch watch(Duration renewal) {
        Mailbox mailbox = rig.mailbox(rig.server.smtp(Security.NONE), rig.server.imap(Security.NONE));
        return new MailWatch(mailbox, "INBOX", renewal, NEVER);
    }

    private static FutureTask<Void> start(MailWatch watch, Runnable news) {
        FutureTask<Void> running = new FutureTask<>(() -> {
            watch.run(news);
            return null;
        });
        Thread thread = new Thread(running, "watch");
        thread.setDaemon(true);
        thread.start();
        return running;
    }

    /** Whoever idles says something before half an hour has passed. */
    @Test
    void watchIsNeverSilentForTooLong() throws Exception {
        rig.server.exchange().with(ExchangeTrait.CLOSES_SILENT_CONNECTIONS);
        rig.server.exchange().silence(Duration.ofSeconds(30), Duration.ofSeconds(30));
        Semaphore news = new Semaphore(0);
        MailWatch watch = watch(Duration.ofMillis(20));
        FutureTask<Void> running = start(watch, news::release);
        Await.until(() -> rig.server.imapHeard().stream().filter("DONE"::equals).count() >= 5);
        put("one");
        news.acquire();
        watch.close();
        running.get();
        assertEquals(1, rig.server.imapConnections());
    }

    /** A watch that was cut off all the same ends, so that another one can begin. */
    @Test
    void disconnectedWatchEnds() throws Exception {
        rig.server.exchange().with(ExchangeTrait.CLOSES_SILENT_CONNECTIONS);
        rig.server.exchange().silence(Duration.ofSeconds(20), Duration.ofMillis(100));
        MailWatch watch = watch(NEVER);
        assertThrows(Exception.class, () -> {
            FutureTask<Void> running = start(watch, () -> {});
            running.get();
            throw new MailFailure(MailFailure.Layer.CONNECT, "it has ended without one");
        });
    }

    /** There is no time before the login for a token endpoint that takes its time. */
    @Test
    void requestsTheTokenBeforeConnecting() throws Exception {
        put("one");
        AtomicInteger connections = new AtomicInteger(-1);
        TokenSource slow = () -> {
            connections.set(rig.server.imapConnections());
            return new AccessToken(MailRig.SHORT, rig.time.now().plusSeconds(3600));
        };
        Mailbox mailbox =
                new Mailbox(MailRig.USER, rig.server.smtp(Security.NONE), rig.server.imap(Security.NONE), slow, 0);
        assertEquals(
                List.of("one"),
                subjects(new MailReader(mailbox, AuthenticationRule.NONE, 1 << 20, Duration.ofMinutes(1))));
        assertEquals(0, connections.get());
    }

    /** Whatever a reader keeps from one read to the next, it may have been closed meanwhile. */
    @Test
    void readerSurvivesALostConnection() throws Exception {
        put("one");
        MailReader reader = rig.reader();
        for (int i = 0; i < 3; i++) {
            assertEquals(List.of("one"), subjects(reader));
            rig.server.drop();
            Await.until(() -> rig.server.imapClients() == 0);
        }
        assertEquals(List.of(), notices);
    }

    /** However it is said, there is room again when another client has gone. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "NO Connection limit exceeded.",
                "NO [LIMIT] no",
                "NO The maximum number of concurrent connections has exceeded a limit.",
                "BAD Too many simultaneous connections.",
                "* BYE Connection limit reached.",
                "* BYE Too many connections for this user",
            })
    void reportsTooManyConnections(String said) throws Exception {
        put("one");
        AtomicInteger issued = new AtomicInteger();
        TokenSource tokens = new TokenSource() {
            @Override
            public AccessToken token() {
                return new AccessToken(MailRig.SHORT, rig.time.now().plusSeconds(3600));
            }

            @Override
            public void refused(AccessToken token) {
                issued.incrementAndGet();
            }
        };
        Mailbox mailbox =
                new Mailbox(MailRig.USER, rig.server.smtp(Security.NONE), rig.server.imap(Security.NONE), tokens, 0);
        rig.server.exchange().with(ExchangeTrait.LIMITS_CONNECTIONS);
        rig.server.exchange().connections(1, said);
        MailWatch watch = watch(NEVER);
        FutureTask<Void> running = start(watch, () -> {});
        Await.until(() -> rig.server.idling() == 1);
        Instant begin = rig.time.now();
        MailReader reader = new MailReader(
                mailbox,
                AuthenticationRule.NONE,
                1 << 20,
                Duration.ofMinutes(10),
                new io.jenkins.plugins.oauthmail.mail.connect.Timeouts(10_000, 10_000, 10_000),
                () -> Duration.between(begin, rig.time.now()).toNanos(),
                rig.time);
        List<String> read = reader
                .read(MailQuery.in("INBOX").subject("one").build(), null, notice -> {
                    notices.add(notice);
                    watch.close();
                    allGone();
                })
                .mails()
                .stream()
                .map(ReceivedMail::subject)
                .toList();
        assertEquals(List.of("one"), read);
        assertEquals(1, notices.size(), notices::toString);
        assertEquals(0, issued.get(), "the token is good");
        running.get();
    }

    private void allGone() {
        try {
            assertTrue(rig.server.quiet(Duration.ofSeconds(20)));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For a trigger or a wait it is no reason to end either. */
    @ParameterizedTest
    @ValueSource(
            strings = {"NO Connection limit exceeded.", "BAD Too many connections.", "* BYE Connection limit reached."})
    void tooManyConnectionsIsTemporary(String said) {
        rig.server.exchange().with(ExchangeTrait.LIMITS_CONNECTIONS);
        rig.server.exchange().connections(0, said);
        MailFailure failure = assertThrows(MailFailure.class, () -> rig.reader()
                .arrivals(MailQuery.in("INBOX").build(), null));
        assertTrue(failure.passing(), failure.getMessage());
        assertTrue(
                failure.getMessage().toLowerCase(java.util.Locale.ROOT).contains("connection"), failure.getMessage());
        assertFalse(failure.tokenRefused());
    }

    /** None of our commands is unknown to Exchange, and none comes too early. */
    @Test
    void sendsNoUnknownCommands() throws Exception {
        rig.server.exchange().with(ExchangeTrait.OWN_WORDS_FOR_FAULTY_COMMANDS);
        rig.server.makeFolder(MailRig.USER, "Done");
        put("one");
        ReceivedMail mail = rig.reader()
                .read(MailQuery.in("INBOX").subject("one").build(), null)
                .get(0);
        rig.reader()
                .change(
                        "INBOX",
                        List.of(mail.id()),
                        new io.jenkins.plugins.oauthmail.mail.model.MailChange(true, "Done", false));
        assertEquals(1, rig.server.mails(MailRig.USER, "Done").size());
        assertThrows(MailFailure.class, () -> rig.reader()
                .read(MailQuery.in("Nowhere").build(), null, notices::add));
        assertEquals(
                0, rig.server.exchange().faults(), () -> rig.server.imapHeard().toString());
    }

    /** A session in a wrong state says nothing about the mails that are asked for. */
    @ParameterizedTest
    @ValueSource(strings = {"FETCH 1:2 (UID FLAGS", "FETCH 1", "FETCH", "SEARCH"})
    void invalidStateDoesNotSkipMessages(String command) throws Exception {
        FolderPosition before =
                rig.reader().arrivals(MailQuery.in("INBOX").build(), null).position();
        put("one");
        put("two");
        MailQuery query = MailQuery.in("INBOX").subject("o").build();
        rig.server.imapScript().reply(command, ExchangeSays.INVALID_STATE);
        for (int i = 0; i < 4; i++) {
            MailFailure failure =
                    assertThrows(MailFailure.class, () -> rig.reader().arrivals(query, before, id -> true));
            assertTrue(failure.mayPass(), failure.getMessage());
            assertTrue(failure.getMessage().contains("Invalid state"), failure.getMessage());
        }
        rig.server.imapScript().clear();
        Arrivals arrivals = rig.reader().arrivals(query, before, id -> true);
        assertEquals(2, arrivals.mails().size());
        assertEquals(List.of(), arrivals.problems());
    }
}
