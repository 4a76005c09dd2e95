package io.jenkins.plugins.oauthmail.testing.mail;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The Dovecot of this machine, run from a throw-away folder on free loopback ports without TLS: IMAP, and submission
 * that relays to a GreenMail behind it. It takes XOAUTH2 with the tokens of {@link DovecotTokens} and no other login;
 * every address has a mailbox. As root the mail belongs to Dovecot's own user, else to whoever runs the test.
 *
 * <p>Needs Dovecot 2.3 with its IMAP and submission daemons, in Debian the packages {@code dovecot-imapd} and {@code
 * dovecot-submissiond}. Where there is none, {@link #start} skips the test and says so.
 */
public final class Dovecot implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    private final Path folder;
    private final GreenMail relay;
    private final DovecotTokens tokens;
    private final int imap;
    private final int submission;
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final CountDownLatch up = new CountDownLatch(1);
    private final Process process;

    private Dovecot(Path program) throws IOException {
        folder = Files.createTempDirectory("dovecot");
        tokens = new DovecotTokens();
        imap = freePort();
        submission = freePort();
        relay = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        relay.start();
        Path settings = new DovecotSettings(folder)
                .write(imap, submission, relay.getSmtp().getPort(), tokens.key());
        process = new ProcessBuilder(program.toString(), "-F", "-c", settings.toString())
                .redirectErrorStream(true)
                .start();
        Thread reader = new Thread(this::readLog, "dovecot log");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts it; skips the test that calls this, naming what is missing, on machines without Dovecot. */
    @NonNull
    public static Dovecot start() throws IOException, InterruptedException {
        String missing = DovecotSettings.missing();
        Assumptions.assumeTrue(missing == null, () -> "Not tested against Dovecot: " + missing);
        Dovecot dovecot = new Dovecot(DovecotSettings.program());
        if (!dovecot.up.await(PATIENCE_SECONDS, TimeUnit.SECONDS) || !dovecot.process.isAlive()) {
            dovecot.close();
            throw new IllegalStateException("Dovecot does not start: " + dovecot.log);
        }
        return dovecot;
    }

    /** Makes tokens that it takes, and others. */
    @NonNull
    public DovecotTokens tokens() {
        return tokens;
    }

    /** Where IMAP is spoken, in plain text. */
    @NonNull
    public Endpoint imap() {
        return new Endpoint("127.0.0.1", imap, Security.NONE);
    }

    /** Where mail is handed in, in plain text. */
    @NonNull
    public Endpoint smtp() {
        return new Endpoint("127.0.0.1", submission, Security.NONE);
    }

    /** Mails that were handed in and relayed, oldest first, one copy for each recipient. */
    @NonNull
    public List<MimeMessage> relayed() {
        return List.of(relay.getReceivedMessages());
    }

    /** What it logged so far. */
    @NonNull
    public List<String> log() {
        return List.copyOf(log);
    }

    /**
     * Has a mail arrive in an inbox, as a delivery agent does; who is in IDLE hears of it.
     *
     * @param user address of the mailbox
     * @param raw the mail, lines ending with CR LF or LF
     */
    public void deliver(@NonNull String user, @NonNull byte[] raw) throws IOException {
        Path mailbox = folder.resolve("mail").resolve(user);
        for (String part : List.of("cur", "new", "tmp")) {
            Files.createDirectories(mailbox.resolve(part));
        }
        Path file = mailbox.resolve("tmp").resolve(System.currentTimeMillis() + "." + UUID.randomUUID() + ".test");
        Files.write(file, raw);
        DovecotSettings.own(mailbox);
        Files.move(file, mailbox.resolve("new").resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }

    private void readLog() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            String line;
            while ((line = lines.readLine()) != null) {
                log.add(line);
                if (line.contains("starting up")) {
                    up.countDown();
                }
            }
        } catch (IOException e) {
            log.add("The log ends: " + e);
        }
        up.countDown();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        relay.stop();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
