package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.testing.mail.OnBothServers;
import io.jenkins.plugins.oauthmail.testing.mail.TrickleServer;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** IMAP servers whose answers never end: slowly, or as fast as the client can take them. */
@OnBothServers
@Timeout(120)
class ImapDeadlineTest {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(300);

    private static final Map<String, String> REPLIES = Map.of(
            TrickleServer.CONNECT,
            "* OK ready",
            "CAPABILITY",
            "* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR STARTTLS\r\nTAG OK done",
            "STARTTLS",
            "TAG OK go",
            "AUTHENTICATE",
            "TAG OK done",
            "EXAMINE",
            "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 2] n\r\nTAG OK done",
            "SEARCH",
            "* SEARCH 1\r\nTAG OK done",
            "FETCH",
            "* 1 FETCH (UID 1)\r\nTAG OK done");

    private static MailReader reader(TrickleServer server, Security security, Timeouts timeouts, Duration most) {
        Mailbox mailbox = new Mailbox(
                MailRig.USER,
                server.endpoint(security),
                server.endpoint(security),
                () -> new AccessToken(MailRig.SHORT, Instant.now().plusSeconds(3600)),
                0);
        return new MailReader(mailbox, AuthenticationRule.NONE, 1 << 20, most, timeouts, System::nanoTime);
    }

    private static Timeouts opening(Duration time) {
        return new Timeouts(60_000, 60_000, 60_000, time, LONG, LONG, LONG);
    }

    private static Timeouts login(Duration time) {
        return new Timeouts(60_000, 60_000, 60_000, LONG, time, LONG, LONG);
    }

    private static Timeouts command(Duration time) {
        return new Timeouts(60_000, 60_000, 60_000, LONG, LONG, time, LONG);
    }

    private static MailFailure failure(MailReader reader) {
        MailFailure failure = assertThrows(
                MailFailure.class, () -> reader.read(MailQuery.in("INBOX").build(), null));
        assertEquals(Layer.CONNECT, failure.layer(), failure.getMessage());
        return failure;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NONE|''|* OK ",
                "NONE|CAPABILITY|* CAPABILITY ",
                "STARTTLS|''|* OK ",
                "STARTTLS|STARTTLS|* OK ",
            })
    void endsAnEndlessGreeting(Security security, String at, String begin) throws Exception {
        try (TrickleServer server = new TrickleServer(REPLIES, at, begin, "x", true)) {
            MailFailure failure = failure(reader(server, security, opening(SHORT), LONG));
            assertTrue(failure.getMessage().contains("did not answer in time"), failure.getMessage());
            assertTrue(failure.passing());
            server.awaitLeft();
        }
    }

    /** The handshake has no time-out but that of the socket, which begins anew with each byte. */
    @Test
    void endsAnEndlessTlsHandshake() throws Exception {
        try (TrickleServer server = new TrickleServer(REPLIES, "", "\u0016\u0003\u0003\u0040\u0000", "\0", true)) {
            MailFailure failure = failure(reader(server, Security.TLS, opening(SHORT), LONG));
            assertTrue(failure.getMessage().contains("did not answer in time"), failure.getMessage());
            server.awaitLeft();
        }
    }

    @Test
    void endsAnEndlessTlsHandshakeAfterStartTls() throws Exception {
        try (TrickleServer server =
                new TrickleServer(REPLIES, "STARTTLS", "TAG OK go\r\n\u0016\u0003\u0003\u0040\u0000", "\0", true)) {
            failure(reader(server, Security.STARTTLS, opening(SHORT), LONG));
            server.awaitLeft();
        }
    }

    @Test
    void endsAnEndlessLogin() throws Exception {
        try (TrickleServer server = new TrickleServer(REPLIES, "AUTHENTICATE", "", "* OK x\r\n", true)) {
            failure(reader(server, Security.NONE, login(SHORT), LONG));
            server.awaitLeft();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"EXAMINE|* OK ", "FETCH|* 1 FETCH (UID ", "FETCH|* 1 FETCH (UID 1 BODY[1] {1000000}\\r\\n"})
    void endsAnEndlessCommand(String at, String begin) throws Exception {
        try (TrickleServer server = new TrickleServer(REPLIES, at, begin.translateEscapes(), "1", true)) {
            failure(reader(server, Security.NONE, command(SHORT), LONG));
            server.awaitLeft();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AUTHENTICATE", "EXAMINE", "FETCH"})
    void readingTimeLimitEndsAnyWait(String at) throws Exception {
        try (TrickleServer server = new TrickleServer(REPLIES, at, "* OK ", "x", true)) {
            MailReader reader = reader(server, Security.NONE, command(LONG), Duration.ofSeconds(2));
            MailFailure failure = assertThrows(
                    MailFailure.class, () -> reader.read(MailQuery.in("INBOX").build(), null));
            assertTrue(failure.getMessage().contains("within the time that the account allows"), failure.getMessage());
            assertFalse(failure.passing());
            server.awaitLeft();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "CAPABILITY", "AUTHENTICATE", "EXAMINE", "FETCH"})
    void abortEndsAnyWait(String at) throws Exception {
        ExecutorService builds = Executors.newSingleThreadExecutor();
        try (TrickleServer server = new TrickleServer(REPLIES, at, "* OK ", "x", true)) {
            MailReader reader = reader(server, Security.NONE, command(LONG), LONG);
            Future<MailFailure> failure = builds.submit(() -> {
                MailFailure thrown = assertThrows(
                        MailFailure.class,
                        () -> reader.read(MailQuery.in("INBOX").build(), null));
                assertTrue(Thread.currentThread().isInterrupted());
                return thrown;
            });
            server.awaitReached();
            builds.shutdownNow();
            assertTrue(failure.get(60, TimeUnit.SECONDS).getMessage().contains("was stopped"));
            server.awaitLeft();
        } finally {
            builds.shutdownNow();
        }
    }

    /** Before TLS and login anybody on the path may be talking. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|* OK |x",
                "CAPABILITY|* CAPABILITY |x",
                "CAPABILITY|''|* OK x\\r\\n",
                "AUTHENTICATE|''|* OK x\\r\\n",
                "AUTHENTICATE|''|+ \\r\\n",
            })
    void limitsResponsesBeforeTheLogin(String at, String begin, String forever) throws Exception {
        try (TrickleServer server = new TrickleServer(REPLIES, at, begin, forever.translateEscapes(), false)) {
            failure(reader(server, Security.NONE, command(LONG), LONG));
            server.awaitLeft();
        }
    }

    /** None of the responses is large. */
    @Test
    void limitsManySmallResponses() throws Exception {
        try (TrickleServer server = new TrickleServer(REPLIES, "EXAMINE", "", "* 1 EXISTS\r\n", false)) {
            MailFailure failure = failure(reader(server, Security.NONE, command(LONG), LONG));
            assertTrue(failure.getMessage().contains("narrow the search"), failure.getMessage());
            server.awaitLeft();
        }
    }
}
