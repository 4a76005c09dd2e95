package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.GraphService;
import io.jenkins.plugins.oauthmail.mail.model.MailChange;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.testing.mail.GraphTrait;
import io.jenkins.plugins.oauthmail.testing.mail.TrickleServer;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import jakarta.mail.Flags;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Good answers that are not those of Microsoft Graph, as something in between gives them: nothing follows from them. */
@Timeout(120)
class GraphAnswersTest {
    private static final String JSON = "application/json";

    private final MailRig rig = new MailRig();
    private MailReader reader;

    @BeforeEach
    void open() {
        rig.server.graph().with(GraphTrait.usual());
        reader = rig.graphReader();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private void put(String subject) {
        String raw = "From: ann@example.com\r\nSubject: " + subject + "\r\n\r\nThe body.\r\n";
        rig.server.deliver(MailRig.USER, "INBOX", raw.getBytes(StandardCharsets.UTF_8), Instant.now(), new Flags());
    }

    private List<String> behind(FolderPosition position) throws Exception {
        return reader.arrivals(MailQuery.inbox(), position).mails().stream()
                .map(ReceivedMail::subject)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[1]", "<html>Sign in</html>", "{\"value\": 7}", "{\"value\": [7]}"})
    void listsNothingInPlaceOfAList(String body) throws Exception {
        put("one");
        rig.server.graph().answer("GET .*/messages \\{", 200, JSON, body);
        MailFailure failure = assertThrows(MailFailure.class, () -> reader.read(MailQuery.inbox(), null));
        assertTrue(failure.getMessage().contains("check that this is the right server"), failure.getMessage());
        assertTrue(failure.mayPass());
        assertEquals(1, reader.read(MailQuery.inbox(), null).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"value\": 7, \"@odata.deltaLink\": \"%s\"}", "{\"@odata.deltaLink\": \"%s\"}"})
    void passesOverNothingThatIsNotListed(String body) throws Exception {
        FolderPosition position = reader.arrivals(MailQuery.inbox(), null).position();
        put("one");
        String link = rig.server.graph().root() + "users/x/messages/delta?$deltatoken=1";
        rig.server.graph().answer("GET .*delta", 200, JSON, body.formatted(link));
        assertThrows(MailFailure.class, () -> behind(position));
        assertEquals(List.of("one"), behind(position));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"id\": 7}", "<html>Sign in</html>"})
    void passesOverNoMessageThatIsNotDescribed(String body) throws Exception {
        FolderPosition position = reader.arrivals(MailQuery.inbox(), null).position();
        put("one");
        rig.server.graph().answer("GET .*/messages/[^/]+ \\{\\$select=id,rec", 200, JSON, body);
        assertThrows(MailFailure.class, () -> behind(position));
        assertEquals(List.of("one"), behind(position));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            204 | text/plain |
            206 | text/plain | From: ann@example.com
            200 | text/html; charset=utf-8 | <html>Sign in</html>
            200 | application/json | {}
            200 | application/problem+json | {}
            """)
    void readsNoMessageOutOfAnythingElse(int status, String type, String body) throws Exception {
        put("one");
        rig.server.graph().answer("GET .*\\$value", status, type, body == null ? "" : body);
        assertThrows(MailFailure.class, () -> reader.read(MailQuery.inbox(), null));
        assertEquals(
                "The body.", reader.read(MailQuery.inbox(), null).get(0).text().strip());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PATCH | true | | false
            POST .*move | false | Done | false
            DELETE | false | | true
            GET .*parentFolderId | false | | true
            """)
    void changesNothingThatIsNotSaidToBe(String request, boolean seen, String moveTo, boolean delete) throws Exception {
        put("one");
        rig.server.makeFolder(MailRig.USER, "Done");
        MailId id = reader.read(MailQuery.inbox(), null).get(0).id();
        rig.server.graph().answer(request, 200, "text/html", "<html>Sign in</html>");
        MailChange change = new MailChange(seen, moveTo, delete);
        assertThrows(MailFailure.class, () -> reader.change("INBOX", List.of(id), change));
        assertEquals(List.of(), reader.change("INBOX", List.of(id), change));
        assertEquals(seen ? 1 : 0, rig.server.mails(MailRig.USER, "INBOX").size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"inbox", "mailFolders "})
    void opensNoFolderThatIsNotNamed(String request) throws Exception {
        rig.server.makeFolder(MailRig.USER, "Done");
        rig.server.graph().answer("GET .*/" + request, 200, JSON, "{\"value\": [{}]}");
        String folder = request.equals("inbox") ? "INBOX" : "Done";
        MailQuery query = MailQuery.in(folder).build();
        MailFailure failure = assertThrows(MailFailure.class, () -> reader.read(query, null));
        assertTrue(failure.mayPass(), failure.getMessage());
        assertEquals(List.of(), reader.read(query, null));
    }

    /** The quiet of a minute is never reached, so that only the time of the whole request ends it. */
    @Test
    void doesNotWaitForAnAnswerThatTrickles() throws Exception {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{";
        try (TrickleServer server = new TrickleServer(Map.of(), "GET", head, " ", true)) {
            Endpoint endpoint = server.endpoint(Security.NONE);
            HttpClient client = HttpClient.newHttpClient();
            Mailbox mailbox = new Mailbox(
                    MailRig.USER,
                    endpoint,
                    endpoint,
                    () -> new AccessToken(MailRig.SHORT, Instant.now().plusSeconds(3600)),
                    0,
                    new GraphService(
                            URI.create("http://127.0.0.1:" + endpoint.port() + "/v1.0/"), false, true, () -> client));
            MailReader trickled = new ImpatientEngine(mailbox, Duration.ofMillis(500)).reader();
            MailFailure failure = assertThrows(MailFailure.class, () -> trickled.read(MailQuery.inbox(), null));
            assertTrue(failure.getMessage().contains("did not answer in time"), failure.getMessage());
        }
    }
}
