package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.testing.FakeTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing is said to a server before it has proved who it is. */
class TlsTest {

    private final MailRig rig = new MailRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private MailFailure sending(Endpoint smtp) {
        MailSender sender = new MailSender(
                rig.mailbox(smtp, rig.server.imap(Security.TLS)),
                new Timeouts(10_000, 10_000, 10_000),
                new FakeTime(),
                1);
        return assertThrows(MailFailure.class, () -> sender.send(new Draft().mail()));
    }

    private MailFailure reading(Endpoint imap) {
        MailReader reader = new MailReader(
                rig.mailbox(rig.server.smtp(Security.TLS), imap),
                AuthenticationRule.NONE,
                1L << 20,
                Duration.ofMinutes(10),
                new Timeouts(10_000, 10_000, 10_000),
                System::nanoTime);
        return assertThrows(MailFailure.class, () -> reader.read(MailQuery.inbox(), null));
    }

    private void assertTls(String why, MailFailure failure) {
        assertEquals(Layer.TLS, failure.layer(), failure.getMessage());
        assertTrue(failure.getMessage().contains(why), failure.getMessage());
        assertFalse(rig.server.heardToken(MailRig.SHORT));
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void rejectsATrustedCertificateOfAnotherHost(Security security) {
        rig.server.smtpTraits().wrongHost(true);
        rig.server.imapTraits().wrongHost(true);
        assertTls("a certificate for another host", sending(rig.server.smtp(security)));
        assertTls("a certificate for another host", reading(rig.server.imap(security)));
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void rejectsAnUntrustedCertificate(Security security) throws Exception {
        SSLContext trustsNothingOfOurs = SSLContext.getInstance("TLS");
        trustsNothingOfOurs.init(null, null, null);
        SSLContext.setDefault(trustsNothingOfOurs);
        assertTls("does not trust", sending(rig.server.smtp(security)));
        assertTls("does not trust", reading(rig.server.imap(security)));
    }

    @Test
    void failsWithoutStartTls() {
        rig.server.smtpTraits().startTls(false);
        rig.server.imapTraits().startTls(false);
        assertTls("does not offer STARTTLS", sending(rig.server.smtp(Security.STARTTLS)));
        assertTls("does not offer STARTTLS", reading(rig.server.imap(Security.STARTTLS)));
    }

    @Test
    void failsIfStartTlsIsRefused() {
        rig.server.smtpScript().reply("STARTTLS", "554 5.7.0 TLS not available");
        rig.server.imapScript().reply("STARTTLS", "NO not now");
        assertTls("refused STARTTLS with \"554 5.7.0 TLS not available\"", sending(rig.server.smtp(Security.STARTTLS)));
        assertTls("refused STARTTLS with \"NO not now\"", reading(rig.server.imap(Security.STARTTLS)));
    }

    @Test
    void reportsAPlainTextPort() {
        Endpoint smtp = rig.server.smtp(Security.STARTTLS);
        Endpoint imap = rig.server.imap(Security.STARTTLS);
        assertTls("choose STARTTLS", sending(new Endpoint("localhost", smtp.port(), Security.TLS)));
        assertTls("choose STARTTLS", reading(new Endpoint("localhost", imap.port(), Security.TLS)));
    }

    @Test
    void rejectsAPreauthenticatedServer() {
        rig.server.imapTraits().greeting("* PREAUTH [CAPABILITY IMAP4rev1] welcome, whoever you are");
        assertTls("PREAUTH", reading(rig.server.imap(Security.STARTTLS)));
    }

    @Test
    void reportsAClosedPort() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        for (MailFailure failure : new MailFailure[] {
            sending(new Endpoint("127.0.0.1", port, Security.TLS)),
            reading(new Endpoint("127.0.0.1", port, Security.TLS))
        }) {
            assertEquals(Layer.CONNECT, failure.layer(), failure.getMessage());
            assertTrue(failure.getMessage().contains("127.0.0.1:" + port + " cannot be reached"), failure.getMessage());
        }
    }

    @Test
    void reportsAnUnknownHost() {
        MailFailure failure = sending(new Endpoint("no-such-host.invalid", 465, Security.TLS));
        assertEquals(Layer.CONNECT, failure.layer());
        assertTrue(failure.getMessage().contains("cannot be found"), failure.getMessage());
    }

    @Test
    void timesOutOnASilentServer() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            Timeouts brief = new Timeouts(5_000, 200, 5_000);
            Endpoint endpoint = new Endpoint("127.0.0.1", silent.getLocalPort(), Security.NONE);
            Mailbox mailbox = rig.mailbox(endpoint, endpoint);
            MailFailure sending =
                    assertThrows(MailFailure.class, () -> new MailSender(mailbox, brief, new FakeTime(), 1)
                            .send(new Draft().mail()));
            MailReader reader = new MailReader(
                    mailbox, AuthenticationRule.NONE, 1L << 20, Duration.ofMinutes(10), brief, System::nanoTime);
            MailFailure reading = assertThrows(MailFailure.class, () -> reader.read(MailQuery.inbox(), null));
            assertEquals(Layer.CONNECT, sending.layer(), sending.getMessage());
            assertTrue(sending.getMessage().contains("did not answer in time"), sending.getMessage());
            assertEquals(Layer.CONNECT, reading.layer(), reading.getMessage());
            assertTrue(reading.getMessage().contains("did not answer in time"), reading.getMessage());
        }
    }
}
