package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jenkins.plugins.oauthmail.mail.model.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.testing.mail.GraphTrait;
import jakarta.mail.Flags;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Exactly which requests the units S1 to R4 of {@code docs/performance.md} need with Microsoft Graph. */
class GraphCostTest {
    private static final Instant START = Instant.parse("2026-01-05T08:00:00Z");
    private static final int BIG = 10 << 20;
    private static final String DRAFT = "POST messages";
    private static final String SEND = "POST messages/…/send";
    /** Tells the Message-ID that people answer. */
    private static final String SENT = "GET messages/…";

    private static final String FOLDER = "GET mailFolders/…";
    private static final String LIST = "GET mailFolders/…/messages";
    private static final String MIME = "GET messages/…/$value";

    private final MailRig rig = new MailRig();

    @BeforeEach
    void behaveAsUsual() {
        rig.server.graph().with(GraphTrait.usual());
    }

    @AfterEach
    void close() {
        rig.close();
    }

    /** The requests without mailbox, ids and options. */
    private List<String> heard() {
        return rig.server.graph().heard().stream()
                .map(request -> request.replaceFirst(" \\{.*", "")
                        .replaceFirst("users/[^/]+/", "")
                        .replaceFirst("(mailFolders|messages)/[^/]+", "$1/…")
                        .replaceFirst(" /upload/.*", " upload"))
                .toList();
    }

    @SafeVarargs
    private void assertHeard(List<String>... parts) {
        assertEquals(Stream.of(parts).flatMap(List::stream).toList(), heard());
    }

    private void send(OutgoingMail mail, boolean keepsDrafts) throws Exception {
        try (MailSender sender = rig.graphSender(keepsDrafts)) {
            sender.send(mail);
        }
    }

    @Test
    void sendsASmallMessage() throws Exception {
        send(new Draft().mail(), true);
        assertHeard(List.of(DRAFT, SEND, SENT));
    }

    @Test
    void sendsASmallMessageWithoutPermissionToRead() throws Exception {
        send(new Draft().mail(), false);
        assertHeard(List.of("POST sendMail"));
    }

    @Test
    void sendsALargeMessage() throws Exception {
        byte[] content = new byte[BIG];
        OutgoingMail.Attachment file =
                new OutgoingMail.Attachment("build.zip", BIG, () -> new ByteArrayInputStream(content));
        send(new Draft().attach(file).mail(), true);
        assertHeard(
                List.of(DRAFT, "POST messages/…/attachments/createUploadSession"),
                Collections.nCopies(3, "PUT upload"),
                List.of(SEND, SENT));
    }

    private void deliver(String folder, int number, boolean seen, byte[] attachment) {
        String part = attachment == null
                ? "Content-Type: text/plain\r\n\r\nThe body.\r\n"
                : "Content-Type: application/octet-stream; name=build.zip\r\n"
                        + "Content-Disposition: attachment; filename=build.zip\r\n"
                        + "Content-Transfer-Encoding: base64\r\n\r\n"
                        + Base64.getMimeEncoder().encodeToString(attachment) + "\r\n";
        String raw = "From: ann@example.test\r\nSubject: " + (number % 5 == 0 ? "[ALERT] " : "Build ") + number
                + "\r\nMessage-ID: <" + number + "@example.test>\r\nMIME-Version: 1.0\r\n" + part;
        Flags flags = seen ? new Flags(Flags.Flag.SEEN) : new Flags();
        rig.server.deliver(
                MailRig.USER, folder, raw.getBytes(StandardCharsets.US_ASCII), START.plusSeconds(number), flags);
    }

    private List<ReceivedMail> read(MailQuery.Builder query) throws Exception {
        return read(query, null);
    }

    private List<ReceivedMail> read(MailQuery.Builder query, AttachmentSink sink) throws Exception {
        try (MailReader reader = rig.graphReader()) {
            return reader.read(query.build(), sink);
        }
    }

    private void fill(String folder, int count) {
        for (int i = 1; i <= count; i++) {
            deliver(folder, i, i % 100 != 0, null);
        }
    }

    @Test
    void readsTheNewestUnseen() throws Exception {
        fill("INBOX", 1000);
        assertEquals(1, read(MailQuery.in("INBOX").unseen(true).limit(1)).size());
        assertHeard(List.of(FOLDER, LIST, MIME));
    }

    @Test
    void readsEnvelopes() throws Exception {
        fill("INBOX", 1000);
        assertEquals(
                200,
                read(MailQuery.in("INBOX").subject("ALERT").limit(200).bodies(false))
                        .size());
        assertHeard(List.of(FOLDER), Collections.nCopies(20, LIST));
    }

    @Test
    void readsTexts() throws Exception {
        fill("Fifty", 50);
        assertEquals(50, read(MailQuery.in("Fifty").limit(50).html(false)).size());
        assertHeard(List.of("GET mailFolders", LIST), Collections.nCopies(50, MIME));
    }

    @Test
    void savesALargeAttachment() throws Exception {
        deliver("Big", 1, false, new byte[BIG]);
        AttachmentSink sink = (id, name, content) -> {
            content.skipNBytes(BIG);
            return name;
        };
        assertEquals(
                1, read(MailQuery.in("Big").limit(1), sink).get(0).attachments().size());
        assertHeard(List.of("GET mailFolders", LIST, MIME));
    }
}
