package io.jenkins.plugins.oauthmail.neighbours;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.plugins.credentials.CredentialsScope;
import io.jenkins.inmemory.InMemoryCredentials;
import io.jenkins.plugins.oauthmail.account.ActivityEntry;
import io.jenkins.plugins.oauthmail.account.ActivityLog;
import io.jenkins.plugins.oauthmail.account.ActivitySource;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.config.InvalidConfiguration;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailServer;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.VaultFake;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The relay: what arrives at the mail server, and what the program is told. */
class RelayTest {
    private static final String PASSWORD = "relay password";
    private static final String BEGIN =
            "From: " + JenkinsRig.ADDRESS + "\r\nTo: ann@contoso.test\r\nSubject: relayed\r\n";

    private JenkinsRig rig;
    private RelayServer relay;
    private MailAccount account;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        rig.jenkins().credentials().add(InMemoryCredentials.secretText(CredentialsScope.SYSTEM, "relay", PASSWORD));
        account = OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
        account.setRelayCredentialsId("relay");
        rig.mail().mailbox("ann@contoso.test");
        relay = RelayServer.start(0);
    }

    @AfterEach
    void close() throws Exception {
        relay.stop(Duration.ofSeconds(10));
        rig.close();
    }

    /** As the Mailer plugin sends. */
    private void send(String from, String text, String user, String password) throws Exception {
        Properties settings = new Properties();
        settings.put("mail.smtp.host", "127.0.0.1");
        settings.put("mail.smtp.port", Integer.toString(relay.port()));
        settings.put("mail.smtp.auth", "true");
        Session session = Session.getInstance(settings);
        MimeMessage message = new MimeMessage(session);
        message.setFrom(from);
        message.setRecipient(Message.RecipientType.TO, new InternetAddress("ann@contoso.test"));
        message.setSubject("relayed");
        message.setText(text, "UTF-8");
        Transport.send(message, user, password);
    }

    private void send(String text) throws Exception {
        send(JenkinsRig.ADDRESS, text, JenkinsRig.ACCOUNT, PASSWORD);
    }

    private List<MimeMessage> arrived() {
        return rig.mail().mails("ann@contoso.test", "INBOX");
    }

    /** As RFC 4616 has it, in base64. */
    private static String login() {
        return Base64.getEncoder()
                .encodeToString(("\0" + JenkinsRig.ACCOUNT + "\0" + PASSWORD).getBytes(StandardCharsets.UTF_8));
    }

    /** Has the mail server let a message wait. */
    private void holdMessage(CountDownLatch arrived, CountDownLatch until) {
        rig.mail().smtpScript().before("MAIL FROM", () -> {
            arrived.countDown();
            until.await();
            return null;
        });
    }

    /** A program that says whatever it likes. */
    private final class Program implements AutoCloseable {
        private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), relay.port());
        private final BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        private final OutputStream out = socket.getOutputStream();

        Program() throws IOException {
            socket.setSoTimeout(60_000);
            reply();
        }

        private String reply() throws IOException {
            String line = in.readLine();
            while (line != null && line.length() > 3 && line.charAt(3) == '-') {
                line = in.readLine();
            }
            return line;
        }

        void write(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        String say(String line) throws IOException {
            write(line + "\r\n");
            return reply();
        }

        Program loggedIn() throws IOException {
            say("EHLO program");
            assertTrue(say("AUTH PLAIN " + login()).startsWith("235"));
            return this;
        }

        void addressed() throws IOException {
            assertTrue(say("MAIL FROM:<whoever@example.com>").startsWith("250"));
            assertTrue(say("RCPT TO:<ann@contoso.test>").startsWith("250"));
        }

        Program atData() throws IOException {
            loggedIn();
            addressed();
            assertTrue(say("DATA").startsWith("354"));
            return this;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void recordsWhatItSent() throws Exception {
        send("hello");
        assertThrows(MessagingException.class, () -> {
            rig.mail().smtpScript().reply("MAIL FROM", "550 5.7.60 refused");
            send("refused");
        });
        List<ActivityEntry> entries = new ArrayList<>();
        ActivityLog.get().read(JenkinsRig.ACCOUNT, entries::add);
        assertEquals(2, entries.size(), entries.toString());
        assertEquals(ActivitySource.RELAY, entries.get(0).source());
        assertEquals(1, entries.get(0).count());
        assertEquals(ActivityEntry.Outcome.GOOD, entries.get(0).outcome());
        assertEquals(ActivityEntry.Outcome.FAILED, entries.get(1).outcome());
    }

    @Test
    void deliversAMessageAsItIs() throws Exception {
        send("Grüße\n.\n..dots");
        assertEquals(1, arrived().size());
        assertEquals(
                "Grüße\r\n.\r\n..dots", arrived().get(0).getContent().toString().strip());
        assertTrue(
                rig.mail().smtpHeard().stream().anyMatch(line -> line.startsWith("MAIL FROM:<" + JenkinsRig.ADDRESS)));
    }

    @Test
    void requiresTheAccountsPassword() {
        assertThrows(
                AuthenticationFailedException.class, () -> send(JenkinsRig.ADDRESS, "x", JenkinsRig.ACCOUNT, "wrong"));
        assertThrows(AuthenticationFailedException.class, () -> send(JenkinsRig.ADDRESS, "x", "nobody", PASSWORD));
        assertThrows(AuthenticationFailedException.class, () -> send(JenkinsRig.ADDRESS, "x", "nobody", ""));
        account.setRelayCredentialsId(null);
        assertThrows(
                AuthenticationFailedException.class, () -> send(JenkinsRig.ADDRESS, "x", JenkinsRig.ACCOUNT, PASSWORD));
        assertEquals(0, arrived().size());
    }

    @Test
    void whoKnowsOnlyThePasswordOfBeforeIsLockedOut() throws Exception {
        rig.jenkins().credentials().add(InMemoryCredentials.secretText(CredentialsScope.SYSTEM, "another", "changed"));
        try (Program program = new Program().loggedIn()) {
            account.setRelayCredentialsId("another");
            program.addressed();
            assertTrue(program.say("DATA").startsWith("354"));
            program.write(BEGIN + "\r\nx\r\n");
            assertTrue(program.say(".").startsWith("554 5.7.8"));
            assertNull(program.reply());
        }
        assertEquals(0, arrived().size());
        send(JenkinsRig.ADDRESS, "x", JenkinsRig.ACCOUNT, "changed");
        assertEquals(1, arrived().size());
    }

    @Test
    void refusesAnAccountThatWasTakenFromTheRelayMeanwhile() throws Exception {
        try (Program program = new Program().atData()) {
            program.write(BEGIN + "\r\n");
            // More than the system buffers, so that the relay is reading it.
            for (int i = 0; i < 10; i++) {
                program.write("a line of the content\r\n".repeat(1 << 15));
            }
            OAuthMailConfiguration.get()
                    .setAccounts(
                            List.of(new MailAccount(JenkinsRig.ACCOUNT, JenkinsRig.ADDRESS, JenkinsRig.APPLICATION)));
            assertTrue(program.say(".").startsWith("554 5.7.8"));
        }
        assertEquals(0, arrived().size());
    }

    /** In a session that is logged in, whoever wrote a line of the content could send what he likes. */
    @Test
    void contentIsNotTakenForCommandsWhileTheVaultIsAway() throws Exception {
        VaultFake vault = VaultFake.instead(rig.jenkins());
        try (Program program = new Program().loggedIn()) {
            program.addressed();
            vault.become(VaultFake.State.THROWS);
            assertTrue(program.say("DATA").startsWith("354"));
            program.write(BEGIN + "\r\nRSET\r\nMAIL FROM:<x@example.com>\r\nRCPT TO:<ann@contoso.test>\r\nDATA\r\n");
            assertTrue(program.say(".").startsWith("454"));
            vault.become(VaultFake.State.AVAILABLE);
            assertTrue(program.say("RSET").startsWith("250"));
        }
        assertEquals(0, arrived().size());
    }

    @Test
    void rejectsCommandsBeforeTheLogin() throws Exception {
        try (Program program = new Program()) {
            program.say("EHLO program");
            assertTrue(program.say("MAIL FROM:<" + JenkinsRig.ADDRESS + ">").startsWith("530"));
            assertTrue(program.say("DATA").startsWith("530"));
        }
    }

    @Test
    void refusesASenderThatTheAccountDoesNotList() throws Exception {
        MessagingException refusal = assertThrows(
                MessagingException.class, () -> send("boss@contoso.test", "x", JenkinsRig.ACCOUNT, PASSWORD));
        assertTrue(refusal.getMessage().contains("554"), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("Other senders"), refusal.getMessage());
        account.setOtherSenders("boss@contoso.test");
        send("boss@contoso.test", "x", JenkinsRig.ACCOUNT, PASSWORD);
        assertEquals(1, arrived().size());
    }

    @Test
    void refusesMoreThanOneSender() throws Exception {
        for (String from : List.of(
                "",
                "From: " + JenkinsRig.ADDRESS + "\r\nFrom: boss@contoso.test\r\n",
                "From: " + JenkinsRig.ADDRESS + ", boss@contoso.test\r\n",
                "From: boss@contoso.test (" + JenkinsRig.ADDRESS + ")\r\n",
                "From: g: " + JenkinsRig.ADDRESS + ";\r\n",
                "From: " + JenkinsRig.ADDRESS + "\r\nSender: boss@contoso.test\r\n",
                "Sender: " + JenkinsRig.ADDRESS + "\r\nFrom: " + JenkinsRig.ADDRESS
                        + "\r\nsender : The boss <boss@contoso.test>\r\n")) {
            try (Program program = new Program().atData()) {
                program.write(from + "Subject: x\r\n\r\ntext\r\n");
                assertTrue(program.say(".").startsWith("554"), from);
            }
        }
        assertEquals(0, arrived().size());
    }

    @Test
    void bareLineFeedBeforeADotDoesNotEndTheMessage() throws Exception {
        try (Program program = new Program().atData()) {
            program.write(BEGIN + "\r\nfirst\n.\nMAIL FROM:<smuggled@contoso.test>\r\nlast\r\n");
            assertTrue(program.say(".").startsWith("250"));
        }
        assertEquals(1, arrived().size());
        assertTrue(arrived().get(0).getContent().toString().contains("smuggled"));
        assertEquals(
                1,
                rig.mail().smtpHeard().stream()
                        .filter(line -> line.startsWith("MAIL FROM"))
                        .count());
    }

    @Test
    void eightBitContentAndLongLinesArriveUnchanged() throws Exception {
        String longLine = "x".repeat(5000);
        try (Program program = new Program().atData()) {
            program.write(BEGIN + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
                    + "Content-Transfer-Encoding: 8bit\r\n\r\nGr\u00fc\u00dfe\r\n" + longLine + "\r\n");
            assertTrue(program.say(".").startsWith("250"));
        }
        String text = arrived().get(0).getContent().toString();
        assertTrue(text.contains("Gr\u00fc\u00dfe") && text.contains(longLine));
    }

    @Test
    void doesNotSendPartialMessages() throws Exception {
        try (Program program = new Program().atData()) {
            program.write(BEGIN + "\r\nhalf a mess");
        }
        send("whole");
        assertEquals(1, arrived().size());
    }

    @Test
    void rejectsBdat() throws Exception {
        try (Program program = new Program().loggedIn()) {
            program.say("MAIL FROM:<x@example.com>");
            program.say("RCPT TO:<ann@contoso.test>");
            program.write("BDAT 1000\r\n" + BEGIN + "\r\n");
            assertTrue(program.reply().startsWith("502"));
            assertNull(program.reply(), "what follows must not be taken for commands");
        }
        assertEquals(0, arrived().size());
    }

    @Test
    void pipelinedCommandsAreAnsweredInOrder() throws Exception {
        try (Program program = new Program().loggedIn()) {
            program.write(
                    "MAIL FROM:<x@example.com>\r\nRCPT TO:<ann@contoso.test>\r\nDATA\r\n" + BEGIN + "\r\nx\r\n.\r\n");
            List<String> replies = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                replies.add(program.reply().substring(0, 3));
            }
            assertEquals(List.of("250", "250", "354", "250"), replies);
        }
        assertEquals(1, arrived().size());
    }

    @Test
    void refusesWhatIsTooLarge() throws Exception {
        account.setMaximumMegabytes(1);
        MessagingException refusal =
                assertThrows(MessagingException.class, () -> send(("x".repeat(70) + "\n").repeat(20_000)));
        assertTrue(refusal.getMessage().contains("552"), refusal.getMessage());
        send("small");
        assertEquals(1, arrived().size());
    }

    @Test
    void reportsDeferrals() throws Exception {
        rig.mail().smtpScript().reply("DATA", "451 4.7.0 Later");
        MessagingException later = assertThrows(MessagingException.class, () -> send("x"));
        assertTrue(later.getMessage().contains("451") && later.getMessage().contains("Later"), later.getMessage());
    }

    @Test
    void reportsRefusals() throws Exception {
        rig.mail().smtpScript().reply("DATA", "554 5.2.0 Never");
        MessagingException never = assertThrows(MessagingException.class, () -> send("x"));
        assertTrue(never.getMessage().contains("554") && never.getMessage().contains("Never"), never.getMessage());
    }

    /** A program that keeps its messages would give this one up after a 5xx. */
    @Test
    void asksToTryAgainWhileTheMailServerCannotBeReached() throws Exception {
        account.setSmtpServer(new MailServer("127.0.0.1", unusedPort(), Security.STARTTLS));
        MessagingException unreachable = assertThrows(MessagingException.class, () -> send("x"));
        assertTrue(unreachable.getMessage().contains("451"), unreachable.getMessage());
        account.setSmtpServer(null);
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void reportsAnUnauthorizedAccount() throws Exception {
        AuthorizationStore.get().forget(JenkinsRig.ACCOUNT);
        MessagingException refusal = assertThrows(MessagingException.class, () -> send("x"));
        assertTrue(refusal.getMessage().contains("Authorize"), refusal.getMessage());
    }

    @Test
    void manyClientsLoseAndDuplicateNothing() throws Exception {
        var threads = Executors.newFixedThreadPool(25);
        try {
            List<Future<?>> sending = IntStream.range(0, 25)
                    .<Future<?>>mapToObj(i -> threads.submit(() -> {
                        send("number " + i);
                        return null;
                    }))
                    .toList();
            for (Future<?> each : sending) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(
                25,
                arrived().stream()
                        .map(RelayTest::text)
                        .filter(text -> text.startsWith("number "))
                        .distinct()
                        .count());
        assertEquals(25, arrived().size());
    }

    private static String text(MimeMessage message) {
        try {
            return message.getContent().toString().strip();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Jenkins is to restart, and the time for messages that are being sent is over. */
    @Test
    void stopsAlthoughTheMailServerIsSilent() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch until = new CountDownLatch(1);
        holdMessage(arrived, until);
        try (Program program = new Program().atData()) {
            program.write(BEGIN + "\r\nx\r\n.\r\n");
            arrived.await();
            relay.stop(Duration.ZERO);
            // Only now, so that the end did not wait for it.
            assertEquals(1, until.getCount());
        } finally {
            until.countDown();
        }
        assertThrows(IOException.class, () -> new Socket(InetAddress.getLoopbackAddress(), relay.port()));
    }

    /** Whatever a log recorder for the library records. */
    @Test
    void logsNoPasswords() throws Exception {
        Logger library = Logger.getLogger("org.subethamail");
        List<String> recorded = new CopyOnWriteArrayList<>();
        Handler recorder = new StreamHandler() {
            @Override
            public synchronized void publish(LogRecord line) {
                recorded.add(new SimpleFormatter().formatMessage(line));
            }
        };
        library.setLevel(Level.ALL);
        library.addHandler(recorder);
        try (Program program = new Program().loggedIn()) {
            program.say("NOOP");
        } finally {
            library.removeHandler(recorder);
            library.setLevel(null);
        }
        assertEquals(
                List.of(),
                recorded.stream().filter(line -> line.contains(login())).toList());
    }

    @Test
    void stopsAfterTheCurrentMessage() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch until = new CountDownLatch(1);
        holdMessage(arrived, until);
        try (Program program = new Program().atData()) {
            program.write(BEGIN + "\r\nx\r\n.\r\n");
            arrived.await();
            Thread end = new Thread(() -> relay.stop(Duration.ofMinutes(1)));
            end.start();
            Await.until(() -> end.getState() == Thread.State.TIMED_WAITING);
            try (Socket other = new Socket(InetAddress.getLoopbackAddress(), relay.port())) {
                assertEquals('4', other.getInputStream().read());
            }
            until.countDown();
            String reply = program.reply();
            assertTrue(reply.startsWith("250"), reply);
            end.join();
        }
        assertEquals(1, arrived().size());
        assertThrows(IOException.class, () -> new Socket(InetAddress.getLoopbackAddress(), relay.port()));
    }

    @Test
    void followsItsSetting() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
            OAuthMailConfiguration.get().setRelayPort(port);
            assertNotNull(Relay.get().problem());
        }
        OAuthMailConfiguration.get().setRelayPort(port);
        assertNull(Relay.get().problem());
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        OAuthMailConfiguration.get().setRelayPort(null);
        Await.until(() -> !listens(port));
        assertThrows(
                InvalidConfiguration.class, () -> OAuthMailConfiguration.get().setRelayPort(65536));
        assertNull(OAuthMailConfiguration.get().getRelayPort());
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void lostClientLeavesNoFileAndNoConnection() throws Exception {
        try (Program program = new Program().atData()) {
            program.write(BEGIN);
        }
        relay.stop(Duration.ofSeconds(10));
        assertFalse(listens(relay.port()));
        assertEquals(0, arrived().size());
    }
}
