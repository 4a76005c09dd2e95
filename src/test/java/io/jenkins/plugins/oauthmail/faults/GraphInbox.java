package io.jenkins.plugins.oauthmail.faults;

import io.jenkins.plugins.oauthmail.mail.ImpatientEngine;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.GraphService;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/** The same mailbox by Microsoft Graph. */
final class GraphInbox extends FaultyInbox {

    /** Ids in a path, which differ from run to run. */
    private static final Pattern ID = Pattern.compile("/[^/]{24,}");

    /** Nobody waits for it unless a machine is slow, as a request that has failed is not repeated over and over. */
    static final Duration PATIENCE = Duration.ofSeconds(15);

    private final FaultyEndpoint endpoint;
    private int mails;
    private FolderPosition midway;

    GraphInbox() {
        try {
            endpoint = new FaultyEndpoint(server.graph().root(), GraphInbox::name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Method and path, without what differs from run to run. */
    private static String name(String request) {
        String[] words = request.split("[ ?]");
        String path = words[1].replaceFirst("^/v1\\.0/(me|users/[^/]*)/", "/").replaceFirst("^//upload/.*", "/upload");
        return words[0] + ID.matcher(path).replaceAll("/*");
    }

    /** This server keeps nothing of its connections. */
    @Override
    boolean next() {
        return false;
    }

    @Override
    void fill() throws Exception {
        mails = 0;
        server.graph().clear();
        super.fill();
    }

    @Override
    void put(String from, String subject, String type, String body) {
        super.put(from, subject, type, body);
        if (++mails == 2) {
            midway = end();
        }
    }

    /** The position before the last two mails. */
    FolderPosition midway() {
        return midway;
    }

    /** The position behind all mails. */
    FolderPosition end() {
        try {
            return engine(Security.NONE, null, false)
                    .reader()
                    .arrivals(MailQuery.inbox(), null)
                    .position();
        } catch (MailFailure | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    ImpatientEngine engine(Security security, FaultyLines lines, boolean slow) {
        return engine(lines, slow ? SHORT : PATIENCE, true);
    }

    /** @param keepsDrafts whether mails may be sent as drafts */
    ImpatientEngine engine(FaultyLines lines, Duration patience, boolean keepsDrafts) {
        endpoint.drop();
        endpoint.tamper(lines == null ? new FaultyLines() : lines);
        // Another one each time, as one that is kept may try again over a connection that is closed.
        HttpClient client = HttpClient.newBuilder().connectTimeout(patience).build();
        return new ImpatientEngine(
                new Mailbox(
                        USER,
                        server.smtp(Security.NONE),
                        server.imap(Security.NONE),
                        () -> new AccessToken(TOKEN, Instant.now().plusSeconds(36_000)),
                        0,
                        new GraphService(endpoint.url(), false, keepsDrafts, () -> client)),
                patience);
    }

    /** Connections belong to the client, which keeps them; what it gave up may still be being carried out. */
    @Override
    boolean quiet() throws InterruptedException {
        endpoint.drop();
        try {
            Await.until(() -> endpoint.isQuiet() && server.graph().inProgress() == 0);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return true;
    }

    @Override
    void drop() {
        endpoint.drop();
    }

    @Override
    public void close() {
        try {
            endpoint.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            super.close();
        }
    }
}
