package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.MailboxCheck.Outcome;
import io.jenkins.plugins.oauthmail.mail.MailboxCheck.Step;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.testing.FakeTime;
import io.jenkins.plugins.oauthmail.testing.mail.OnBothServers;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an admin who presses Test gets to see, layer by layer. */
@OnBothServers
class MailboxCheckTest {
    private static final Timeouts TIMEOUTS = new Timeouts(10_000, 10_000, 10_000);

    private final MailRig rig = new MailRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private Mailbox mailbox() {
        return rig.mailbox(rig.server.smtp(Security.STARTTLS), rig.server.imap(Security.TLS));
    }

    private static List<Outcome> check(Mailbox sending, Mailbox reading, boolean message) throws Exception {
        MailboxCheck check = new MailboxCheck(sending, reading, TIMEOUTS, Duration.ZERO, TimeSource.SYSTEM);
        return message ? check.runWithMail(outcome -> {}) : check.run(outcome -> {});
    }

    /** The steps that were tried, those that failed with an exclamation mark. */
    private static String summary(List<Outcome> outcomes) {
        StringBuilder text = new StringBuilder();
        outcomes.forEach(outcome -> text.append(outcome.step()).append(outcome.good() ? " " : "! "));
        return text.toString().trim();
    }

    private static String steps(Step... steps) {
        return String.join(" ", Arrays.stream(steps).map(Step::name).toList());
    }

    private int mails() {
        return rig.server.mails(MailRig.USER, "INBOX").size();
    }

    @Test
    void checksAllLayersWithoutChangingAnything() throws Exception {
        List<Outcome> outcomes = check(mailbox(), mailbox(), false);
        assertEquals(
                steps(
                        Step.TOKEN,
                        Step.SMTP_CONNECT,
                        Step.SMTP_TLS,
                        Step.SMTP_LOGIN,
                        Step.IMAP_CONNECT,
                        Step.IMAP_TLS,
                        Step.IMAP_LOGIN,
                        Step.FOLDER),
                summary(outcomes));
        assertEquals(0, mails());
    }

    @Test
    void sendsAndFindsAMessageOnRequest() throws Exception {
        assertTrue(summary(check(mailbox(), mailbox(), true)).endsWith("FOLDER SEND ARRIVAL"));
        assertEquals(1, mails());
    }

    @Test
    void checksOnlySmtpWithoutReading() throws Exception {
        assertEquals(
                steps(Step.TOKEN, Step.SMTP_CONNECT, Step.SMTP_TLS, Step.SMTP_LOGIN, Step.SEND),
                summary(check(mailbox(), null, true)));
        assertEquals(0, rig.server.imapConnections());
    }

    @Test
    void reportsARefusedLoginForBothServersAndSendsNothing() throws Exception {
        rig.token("wrong-token");
        List<Outcome> outcomes = check(mailbox(), mailbox(), true);
        assertEquals("TOKEN SMTP_CONNECT SMTP_TLS SMTP_LOGIN! IMAP_CONNECT IMAP_TLS IMAP_LOGIN!", summary(outcomes));
        String failure = outcomes.get(3).failure().getMessage();
        assertTrue(failure.startsWith("Login: ") && !failure.contains("wrong-token"), failure);
        assertEquals(0, mails());
    }

    @Test
    void doesNotConnectWithoutAToken() throws Exception {
        Mailbox broken = new Mailbox(
                MailRig.USER,
                rig.server.smtp(Security.STARTTLS),
                rig.server.imap(Security.TLS),
                () -> {
                    throw new TokenFailure(TokenFailure.Kind.NOT_AUTHORIZED, "Press Authorize.");
                },
                0);
        List<Outcome> outcomes = check(broken, broken, true);
        assertEquals("TOKEN!", summary(outcomes));
        assertEquals("Token: Press Authorize.", outcomes.get(0).failure().getMessage());
        assertEquals(0, rig.server.smtpConnections() + rig.server.imapConnections());
    }

    @Test
    void reportsAServerWithoutTlsAndChecksTheOther() throws Exception {
        Endpoint plain = rig.server.imap(Security.NONE);
        Mailbox mailbox =
                rig.mailbox(new Endpoint(plain.host(), plain.port(), Security.STARTTLS), rig.server.imap(Security.TLS));
        String summary = summary(check(mailbox, mailbox, true));
        assertEquals("TOKEN SMTP_CONNECT SMTP_TLS! IMAP_CONNECT IMAP_TLS IMAP_LOGIN FOLDER", summary);
    }

    @Test
    void reportsAWrongCertificateAsTlsFailure() throws Exception {
        rig.server.smtpTraits().wrongHost(true);
        rig.server.imapTraits().wrongHost(true);
        List<Outcome> outcomes = check(mailbox(), mailbox(), true);
        assertEquals("TOKEN SMTP_CONNECT SMTP_TLS! IMAP_CONNECT IMAP_TLS!", summary(outcomes));
        for (int step : new int[] {2, 4}) {
            String failure = outcomes.get(step).failure().getMessage();
            assertTrue(failure.startsWith("TLS: ") && failure.contains("certificate for another host"), failure);
        }
    }

    @Test
    void reportsARefusalInTheGreetingAsConnectFailure() throws Exception {
        Endpoint smtp = rig.server.smtp(Security.STARTTLS);
        rig.server.smtpTraits().greeting("554 5.7.1 not from there");
        List<Outcome> outcomes = check(rig.mailbox(smtp, rig.server.imap(Security.TLS)), null, true);
        assertEquals("TOKEN SMTP_CONNECT SMTP_TLS!", summary(outcomes));
        String failure = outcomes.get(2).failure().getMessage();
        assertTrue(failure.startsWith("Connect: ") && failure.contains("554 5.7.1 not from there"), failure);
    }

    @Test
    void doesNotTryTlsIfTheServerIsUnreachable() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        Endpoint closed = new Endpoint("127.0.0.1", port, Security.TLS);
        Endpoint unknown = new Endpoint("no-such-host.invalid", 993, Security.TLS);
        Mailbox mailbox = rig.mailbox(closed, unknown);
        List<Outcome> outcomes = check(mailbox, mailbox, true);
        assertEquals("TOKEN SMTP_CONNECT! IMAP_CONNECT!", summary(outcomes));
        String smtp = outcomes.get(1).failure().getMessage();
        assertTrue(smtp.startsWith("Connect: 127.0.0.1:" + port + " cannot be reached"), smtp);
        String imap = outcomes.get(2).failure().getMessage();
        assertTrue(imap.startsWith("Connect: ") && imap.contains("cannot be found"), imap);
    }

    @Test
    void skipsTlsForPlainText() throws Exception {
        Mailbox plain = rig.mailbox(rig.server.smtp(Security.NONE), rig.server.imap(Security.NONE));
        assertEquals(
                "TOKEN SMTP_CONNECT SMTP_LOGIN IMAP_CONNECT IMAP_LOGIN FOLDER", summary(check(plain, plain, false)));
        assertEquals(1, rig.server.smtpConnections());
        assertEquals(1, rig.server.imapConnections());
    }

    @Test
    void reportsAMissingMessage() throws Exception {
        rig.server.imapScript().reply("SEARCH", "* SEARCH\r\nOK done");
        FakeTime time = new FakeTime();
        List<Outcome> outcomes = new MailboxCheck(mailbox(), mailbox(), TIMEOUTS, Duration.ofSeconds(6), time)
                .runWithMail(outcome -> {});
        assertEquals(Collections.nCopies(3, Duration.ofSeconds(2)), time.pauses());
        Outcome last = outcomes.get(outcomes.size() - 1);
        assertEquals(Step.ARRIVAL, last.step(), summary(outcomes));
        assertTrue(last.failure().getMessage().contains("is not in INBOX"), last.failure()::getMessage);
    }
}
