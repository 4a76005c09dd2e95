package io.jenkins.plugins.oauthmail.faults;

import io.jenkins.plugins.oauthmail.mail.ImpatientEngine;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.TestCa;
import io.jenkins.plugins.oauthmail.testing.mail.MailServerFake;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import jakarta.mail.Flags;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.net.ssl.SSLContext;

/** A mailbox with a few mails on a server whose every line may be tampered with. */
class FaultyInbox implements AutoCloseable {

    static final String USER = "build@example.com";
    static final String TOKEN = "token-0123456789";
    static final String DONE = "Done";

    static final Duration SHORT = Duration.ofMillis(250);
    static final Duration LONG = Duration.ofSeconds(4);
    private static final Duration LINGERING = Duration.ofSeconds(12);

    /** GreenMail keeps a little of every connection for as long as it runs. */
    private static final int CASES_OF_A_SERVER = 200;

    MailServerFake server = new MailServerFake();
    private final SSLContext before = TestCa.get().trustInThisJvm();
    private int cases;
    private boolean filled;

    FaultyInbox() {
        server.accept(USER, TOKEN);
    }

    /**
     * Has another case begin.
     *
     * @return whether it is the first at a new server, which numbers its mails otherwise
     */
    boolean next() {
        if (++cases % CASES_OF_A_SERVER > 0) {
            return false;
        }
        server.close();
        server = new MailServerFake();
        server.accept(USER, TOKEN);
        return true;
    }

    /** No mail at all. */
    void empty() {
        server.empty();
        filled = false;
    }

    /** Whether the four mails are there, and whatever was done with them. */
    boolean isFilled() {
        return filled;
    }

    /** The server as it is without traits, and the four mails. */
    void fill() throws Exception {
        filled = true;
        // A command whose client has left is carried out to its end, and may put mails where the next case looks.
        Await.until(() -> Thread.getAllStackTraces().keySet().stream().noneMatch(FaultyInbox::serves));
        server.empty();
        server.imapScript().clear();
        server.imapTraits().rewrite(line -> line).initialResponse(true);
        server.makeFolder(USER, DONE);
        put("ann@example.com", "deploy now", "Content-Type: text/plain", "Please do.");
        put(
                "ann@example.com",
                "deploy later",
                "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b",
                "--b\r\nContent-Type: text/plain\r\n\r\nNot yet.\r\n--b\r\nContent-Type: text/html\r\n\r\n"
                        + "<p>Not yet.</p>\r\n--b--");
        put(
                "ann@example.com",
                "deploy files",
                "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b",
                "--b\r\nContent-Type: text/plain\r\n\r\nHere they are.\r\n" + file("one.bin", 3000)
                        + file("two.bin", 500) + "--b--");
        put("bob@example.com", "lunch", "Content-Type: text/plain", "Hungry?");
    }

    private static String file(String name, int size) {
        byte[] content = new byte[size];
        for (int i = 0; i < size; i++) {
            content[i] = (byte) (i * 7);
        }
        return "--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
                + "Content-Disposition: attachment; filename=" + name + "\r\n\r\n"
                + Base64.getMimeEncoder().encodeToString(content) + "\r\n";
    }

    /** So GreenMail names the threads that serve its clients. */
    private static boolean serves(Thread thread) {
        return thread.getName().startsWith("imap") && thread.getName().contains("<-");
    }

    void put(String from, String subject, String type, String body) {
        String raw = "From: " + from + "\r\nTo: " + USER + "\r\nSubject: " + subject
                + "\r\nDate: Tue, 3 Mar 2026 09:30:00 +0000\r\n" + type + "\r\n\r\n" + body + "\r\n";
        server.deliver(USER, "INBOX", raw.getBytes(StandardCharsets.US_ASCII), Instant.now(), new Flags());
    }

    /** An engine whose connections are tampered with from now on. */
    ImpatientEngine engine(Security security, FaultyLines lines, boolean slow) {
        server.tamperWithImap(lines);
        Mailbox mailbox = new Mailbox(
                USER,
                server.smtp(security),
                server.imap(security),
                () -> new AccessToken(TOKEN, Instant.now().plusSeconds(36_000)),
                0);
        return new ImpatientEngine(mailbox, slow ? SHORT : LONG);
    }

    /** Says so if a connection is still open. */
    boolean quiet() throws InterruptedException {
        boolean quiet = server.quiet(LINGERING);
        server.drop();
        return quiet;
    }

    /** Ends all connections. */
    void drop() {
        server.drop();
    }

    @Override
    public void close() {
        SSLContext.setDefault(before);
        server.close();
    }
}
