package io.jenkins.plugins.oauthmail.mail;

import io.jenkins.plugins.oauthmail.mail.connect.Backoff;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.model.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.GraphService;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.testing.FakeTime;
import io.jenkins.plugins.oauthmail.testing.TestCa;
import io.jenkins.plugins.oauthmail.testing.mail.MailServerFake;
import io.jenkins.plugins.oauthmail.testing.mail.ServerKind;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import jakarta.mail.Flags;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;

/** A mail server, a mailbox on it and a token for it; this JVM trusts the server meanwhile. */
public final class MailRig implements AutoCloseable {

    public static final String USER = "build@example.com";
    public static final String SHORT = "short-token-0123456789";

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    public final MailServerFake server = new MailServerFake();
    final FakeTime time = new FakeTime();
    private final SSLContext before = TestCa.get().trustInThisJvm();
    private Timeouts timeouts = new Timeouts(10_000, 10_000, 10_000);
    private long maxMessageBytes;
    private String token = SHORT;
    private AuthenticationRule rule = AuthenticationRule.NONE;
    private long maxReadBytes = 250L << 20;
    private Duration maxReadTime = Duration.ofMinutes(10);
    private LongSupplier nanoTime = System::nanoTime;

    public MailRig() {
        server.accept(USER, SHORT);
    }

    /** The client's token, which the server may reject. */
    public MailRig token(String other) {
        token = other;
        return this;
    }

    MailRig maxMessageBytes(long octets) {
        maxMessageBytes = octets;
        return this;
    }

    MailRig rule(AuthenticationRule other) {
        rule = other;
        return this;
    }

    public MailRig maxReadBytes(long octets) {
        maxReadBytes = octets;
        return this;
    }

    /** @param nanoTime a clock like {@link System#nanoTime} */
    MailRig maxReadTime(Duration most, LongSupplier nanoTime) {
        maxReadTime = most;
        this.nanoTime = nanoTime;
        return this;
    }

    MailRig timeouts(Timeouts other) {
        timeouts = other;
        return this;
    }

    Mailbox mailbox(Endpoint smtp, Endpoint imap) {
        return new Mailbox(
                USER,
                smtp,
                imap,
                () -> new AccessToken(token, time.now().plusSeconds(3600)),
                maxMessageBytes,
                server.kind() == ServerKind.GRAPH ? graph(true) : null);
    }

    /** A mailbox that is used with Microsoft Graph, whatever the kind of the server. */
    Mailbox graphMailbox(boolean keepsDrafts) {
        Mailbox other = mailbox(server.smtp(Security.NONE), server.imap(Security.NONE));
        return new Mailbox(USER, other.smtp(), other.imap(), other.tokens(), maxMessageBytes, graph(keepsDrafts));
    }

    private GraphService graph(boolean keepsDrafts) {
        return new GraphService(server.graph().root(), false, keepsDrafts, () -> HTTP);
    }

    /** Each time a new one, which nobody waits for. */
    public MailSender sender(Security security) {
        return new MailSender(mailbox(server.smtp(security), server.imap(security)), timeouts, time, Backoff.TRIES);
    }

    /** Whether readers and senders use IMAP and SMTP, as opposed to Microsoft Graph. */
    boolean speaksImapAndSmtp() {
        return server.kind() != ServerKind.GRAPH;
    }

    /** One that uses Microsoft Graph. @param keepsDrafts whether the mailbox may be read, too */
    MailSender graphSender(boolean keepsDrafts) {
        return new MailSender(graphMailbox(keepsDrafts), timeouts, time, Backoff.TRIES);
    }

    /** One that uses Microsoft Graph. */
    MailReader graphReader() {
        return new MailReader(graphMailbox(true), rule, maxReadBytes, maxReadTime, timeouts, nanoTime, time);
    }

    public MailSender sender() {
        return sender(Security.NONE);
    }

    public MailReader reader(Security security) {
        return new MailReader(
                mailbox(server.smtp(security), server.imap(security)),
                rule,
                maxReadBytes,
                maxReadTime,
                timeouts,
                nanoTime,
                time);
    }

    public MailReader reader() {
        return reader(Security.NONE);
    }

    /** For another mailbox on the same server. */
    MailReader reader(String user) {
        Mailbox own = mailbox(server.smtp(Security.NONE), server.imap(Security.NONE));
        Mailbox other = new Mailbox(user, own.smtp(), own.imap(), own.tokens(), maxMessageBytes, own.graph());
        return new MailReader(other, rule, maxReadBytes, maxReadTime, timeouts, nanoTime, time);
    }

    /** One that keeps its connection; the caller closes it. */
    public MailReader keeping(Endpoint imap) {
        return MailReader.keeping(
                mailbox(server.smtp(Security.NONE), imap), rule, maxReadBytes, maxReadTime, timeouts, nanoTime, time);
    }

    /** Delivers a message and reads it. */
    public ReceivedMail read(AttachmentSink sink, byte[] raw) throws MailFailure, InterruptedException {
        server.deliver(USER, "INBOX", raw, Instant.now(), new Flags());
        return reader().read(MailQuery.inbox(), sink).get(0);
    }

    /** Has a mail in Latin-1 come in and reads it. */
    public ReceivedMail read(AttachmentSink sink, String raw) throws MailFailure, InterruptedException {
        return read(sink, raw.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Makes the server describe every mail in a way that no client can read, as Exchange does for some. */
    public void breakStructure() {
        server.imapTraits().rewrite(MailRig::unreadable);
    }

    static String unreadable(String line) {
        return line.replace("BODYSTRUCTURE (", "BODYSTRUCTURE )(");
    }

    @Override
    public void close() {
        SSLContext.setDefault(before);
        server.close();
    }
}
