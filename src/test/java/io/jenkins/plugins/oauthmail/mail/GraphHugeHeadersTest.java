package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.GraphService;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.ReadResult;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A stranger sends mails with headers nearly as large as Exchange accepts. The server makes them while it answers, so that
 * they take no memory here but what the reader needs.
 */
@Timeout(60)
class GraphHugeHeadersTest {
    private static final int PAGE = 50;
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    private static final Pattern BEFORE = Pattern.compile("receivedDateTime lt ([^ &]+)");
    private static final Pattern MESSAGE = Pattern.compile("/messages/M(\\d+)$");
    /** Four bytes in the header ({@code A:} and CRLF), six times as many in JSON. */
    private static final String TINY = ",{\"name\":\"A\",\"value\":\"\"}";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private int mails = PAGE;
    private int tinyFields;
    private int replyToLength;
    private MailReader reader;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        Endpoint unused = new Endpoint("127.0.0.1", 1, Security.NONE);
        HttpClient http = HttpClient.newHttpClient();
        Mailbox mailbox = new Mailbox(
                "build@example.com",
                unused,
                unused,
                () -> new AccessToken("t", Instant.now().plusSeconds(3600)),
                0,
                new GraphService(URI.create(root()), false, true, () -> http));
        reader = new MailReader(mailbox, AuthenticationRule.NONE, 250L << 20, Duration.ofMinutes(10));
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private String root() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1.0/";
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        boolean headers = query.contains("internetMessageHeaders");
        Matcher message = MESSAGE.matcher(path);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = new BufferedOutputStream(exchange.getResponseBody(), 1 << 16)) {
            if (path.endsWith("/delta")) {
                heard.add("delta");
                String link = "\"@odata.deltaLink\":\"" + root() + "users/x/messages/delta?t=1\"";
                list(out, 0, query.contains("t=1") ? mails : 0, false, link);
            } else if (path.endsWith("/messages")) {
                heard.add((headers ? "page " : "brief page ") + first(query));
                int to = Math.min(mails, first(query) + PAGE);
                String next = to == mails ? "\"end\":1" : "\"@odata.nextLink\":\"" + root() + "users/x/next\"";
                list(out, first(query), to, headers, next);
            } else if (message.find()) {
                heard.add(headers ? "message" : "brief message");
                message(out, Integer.parseInt(message.group(1)), headers);
            } else {
                write(out, "{\"id\":\"F\"}");
            }
        } catch (IOException e) {
            // The client does not read what is too long to the end.
            exchange.close();
        }
    }

    /** The newest mail comes first. */
    private static int first(String query) {
        Matcher before = BEFORE.matcher(query);
        return before.find()
                ? (int) Duration.between(Instant.parse(before.group(1)), NOON).toSeconds() + 1
                : 0;
    }

    private void list(OutputStream out, int from, int to, boolean headers, String rest) throws IOException {
        write(out, "{\"value\":[");
        for (int i = from; i < to; i++) {
            write(out, i == from ? "" : ",");
            message(out, i, headers);
        }
        write(out, "]," + rest + "}");
    }

    private void message(OutputStream out, int number, boolean headers) throws IOException {
        write(
                out,
                "{\"id\":\"M" + number + "\",\"parentFolderId\":\"F\",\"receivedDateTime\":\""
                        + NOON.minusSeconds(number) + "\"");
        if (headers) {
            write(out, ",\"internetMessageHeaders\":[{\"name\":\"From\",\"value\":\"a@b.c\"}");
            for (int i = 0; i < tinyFields; i++) {
                write(out, TINY);
            }
            write(out, ",{\"name\":\"Reply-To\",\"value\":\"" + "x".repeat(replyToLength) + "\"}");
            write(out, ",{\"name\":\"Subject\",\"value\":\"mail " + number + "\"}]");
        }
        write(out, "}");
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static MailQuery subject(String wanted) {
        return MailQuery.in("INBOX").subject(wanted).bodies(false).limit(200).build();
    }

    /** 15,000 fields of 4 bytes are 60 kB for each mail, 18 MB in the JSON of a page. */
    @Test
    void readsAPageOfTinyFields() throws Exception {
        tinyFields = 15_000;
        ReadResult read = reader.read(subject("mail"), null, notice -> {});
        assertEquals(List.of(), read.problems());
        assertEquals(
                IntStream.range(0, PAGE).mapToObj(i -> "mail " + i).toList(),
                read.mails().stream().map(mail -> mail.subject()).toList());
        assertEquals(1 + 1 + PAGE, heard.size(), heard.toString());
    }

    /** As a build does that waits for mail. */
    @Test
    void waitsBesideThem() throws Exception {
        tinyFields = 15_000;
        try (FolderReader folder = reader.folder("INBOX")) {
            folder.refresh(2);
            assertEquals(
                    0, folder.look(subject("wanted"), null, 1).read().mails().size());
            assertEquals(
                    0, folder.look(subject("another"), null, 1).read().mails().size());
        }
        assertEquals(PAGE, Collections.frequency(heard, "message"), "asked for once for both");
    }

    /** The header of each page has 10 MB; a message is listed at the end of the first one and again in the second. */
    @Test
    void keepsAsManyPagesAsThereIsRoomFor() throws Exception {
        mails = 2 * PAGE - 1;
        replyToLength = 200_000;
        try (FolderReader folder = reader.folder("INBOX")) {
            folder.refresh(2);
            folder.look(subject("wanted"), null, 0);
            assertEquals(List.of("page 0", "page 49"), heard);
            folder.look(subject("another"), null, 0);
        }
        assertEquals(List.of("page 0", "page 49", "page 49"), heard);
    }

    /** What a trigger reads: one after the other, in order of arrival. */
    @Test
    void keepsAsManyNewMessagesAsThereIsRoomFor() throws Exception {
        mails = 100;
        replyToLength = 200_000;
        FolderPosition begin = reader.arrivals(subject("wanted"), null).position();
        assertEquals(List.of(), reader.arrivals(subject("wanted"), begin).mails());
        int kept = (16 << 20) / (replyToLength + 40);
        assertEquals(mails + mails - kept, Collections.frequency(heard, "message"));
    }
}
