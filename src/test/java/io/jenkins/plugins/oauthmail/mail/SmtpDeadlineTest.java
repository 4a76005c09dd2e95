package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import io.jenkins.plugins.oauthmail.testing.FakeTime;
import io.jenkins.plugins.oauthmail.testing.mail.TrickleServer;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SMTP servers whose answers never end: slowly, or as fast as the client can take them. */
@Timeout(120)
class SmtpDeadlineTest {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Timeouts PATIENT = new Timeouts(60_000, 60_000, 60_000, LONG, LONG, LONG, LONG);

    private static final Map<String, String> REPLIES = Map.of(
            TrickleServer.CONNECT,
            "220 ready",
            "EHLO",
            "250-trickle.test\r\n250-STARTTLS\r\n250 AUTH XOAUTH2",
            "STARTTLS",
            "220 go",
            "AUTH",
            "235 welcome",
            "MAIL FROM",
            "250 fine",
            "RCPT TO",
            "250 fine",
            "DATA",
            "354 go");

    private final FakeTime time = new FakeTime();
    private final ExecutorService builds = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        builds.shutdownNow();
    }

    private MailSender sender(TrickleServer server, Security security, Timeouts timeouts) {
        Mailbox mailbox = new Mailbox(
                MailRig.USER,
                server.endpoint(security),
                server.endpoint(security),
                () -> new AccessToken(MailRig.SHORT, time.now().plusSeconds(3600)),
                0);
        return new MailSender(mailbox, timeouts, time, 1);
    }

    private static OutgoingMail mail() {
        return new Draft().text("t").mail();
    }

    private void ends(Timeouts timeouts, Security security, String at, String begin, boolean unknown) throws Exception {
        try (TrickleServer server = new TrickleServer(REPLIES, at, begin, begin.endsWith("\0") ? "\0" : "x", true);
                MailSender sender = sender(server, security, timeouts)) {
            MailFailure failure = assertThrows(MailFailure.class, () -> sender.send(mail()));
            assertEquals(unknown, failure.fateUnknown(), failure.getMessage());
            server.awaitLeft();
        }
    }

    @ParameterizedTest
    @CsvSource({"NONE,''", "NONE,EHLO", "STARTTLS,''", "STARTTLS,EHLO", "STARTTLS,STARTTLS"})
    void endsAnEndlessGreeting(Security security, String at) throws Exception {
        ends(new Timeouts(60_000, 60_000, 60_000, SHORT, LONG, LONG, LONG), security, at, "220-", false);
    }

    @ParameterizedTest
    @CsvSource({"TLS,''", "STARTTLS,STARTTLS"})
    void endsAnEndlessTlsHandshake(Security security, String at) throws Exception {
        String go = security == Security.STARTTLS ? "220 go\r\n" : "";
        Timeouts timeouts = new Timeouts(60_000, 60_000, 60_000, SHORT, LONG, LONG, LONG);
        ends(timeouts, security, at, go + "\u0016\u0003\u0003\u0040\0", false);
    }

    @Test
    void endsAnEndlessLogin() throws Exception {
        ends(new Timeouts(60_000, 60_000, 60_000, LONG, SHORT, LONG, LONG), Security.NONE, "AUTH", "235-", false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "RCPT", "DATA"})
    void endsAnEndlessCommand(String at) throws Exception {
        ends(new Timeouts(60_000, 60_000, 60_000, LONG, LONG, SHORT, LONG), Security.NONE, at, "250-", false);
    }

    /** The fake server does not know where content ends, so that the last line of it stands for the dot. */
    @Test
    void endsAnEndlessReceipt() throws Exception {
        Timeouts timeouts = new Timeouts(60_000, 60_000, 60_000, LONG, LONG, LONG, SHORT);
        try (TrickleServer server = new TrickleServer(REPLIES, "end of test", "250-", "x", true);
                MailSender sender = sender(server, Security.NONE, timeouts)) {
            MailFailure failure = assertThrows(
                    MailFailure.class,
                    () -> sender.send(new Draft().text("end of test").mail()));
            assertTrue(failure.fateUnknown(), failure.getMessage());
            server.awaitLeft();
        }
    }

    /** Before TLS anybody on the path may be talking. */
    @ParameterizedTest
    @CsvSource({"'',220-", "'',220-x\\r\\n", "EHLO,250-x\\r\\n", "AUTH,334", "MAIL,250-x\\r\\n", "DATA,x"})
    void limitsTheLengthOfReplies(String at, String forever) throws Exception {
        try (TrickleServer server = new TrickleServer(REPLIES, at, "", forever.translateEscapes(), false);
                MailSender sender = sender(server, Security.NONE, PATIENT)) {
            MailFailure failure = assertThrows(MailFailure.class, () -> sender.send(mail()));
            assertTrue(!failure.fateUnknown(), failure.getMessage());
            assertTrue(failure.getMessage().length() < 1000, failure.getMessage());
            server.awaitLeft();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"})
    void abortedBuildsFreeTheirConnectionsImmediately(String at) throws Exception {
        try (TrickleServer server = new TrickleServer(REPLIES, at, "250-", "x", true);
                MailSender sender = sender(server, Security.NONE, PATIENT)) {
            for (int round = 0; round < 2; round++) {
                List<Future<SentMail>> sent = new ArrayList<>();
                ExecutorService three = Executors.newFixedThreadPool(3);
                try {
                    for (int i = 0; i < 3; i++) {
                        sent.add(three.submit(() -> sender.send(mail())));
                    }
                    server.awaitTrickling(3);
                } finally {
                    three.shutdownNow();
                }
                for (Future<SentMail> mail : sent) {
                    ExecutionException end =
                            assertThrows(ExecutionException.class, () -> mail.get(60, TimeUnit.SECONDS));
                    assertInstanceOf(InterruptedException.class, end.getCause());
                }
                server.awaitLeft();
            }
        }
    }
}
