package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.model.FinishedMail;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.mail.GraphTrait;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sending with Microsoft Graph. */
class GraphSendingTest {
    private static final String DEV = "dev@example.com";

    private final MailRig rig = new MailRig();
    private final List<String> notices = new ArrayList<>();

    @BeforeEach
    void behaveLikeMicrosoft() {
        rig.server.graph().with(GraphTrait.usual());
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private SentMail send(boolean keepsDrafts, OutgoingMail mail) throws Exception {
        try (MailSender sender = rig.graphSender(keepsDrafts)) {
            return sender.send(mail, notices::add);
        }
    }

    private MailFailure fails(boolean keepsDrafts, OutgoingMail mail) {
        return assertThrows(MailFailure.class, () -> send(keepsDrafts, mail));
    }

    private List<MimeMessage> arrived() {
        return rig.server.mails(DEV, "INBOX");
    }

    private List<String> heard() {
        return rig.server.graph().heard().stream()
                .map(request -> request.replace("users/" + MailRig.USER, "box")
                        .replaceAll("AAkALg[^/ ]+", "ID")
                        .replaceAll(" \\{.*", ""))
                .toList();
    }

    /** @param size in bytes, before base64 */
    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    @Test
    void sendsInOneRequestWhatNobodyReads() throws Exception {
        SentMail sent = send(false, new Draft().mail());
        assertEquals(List.of("POST box/sendMail"), heard());
        assertEquals(1, arrived().size());
        assertEquals("It is green.", arrived().get(0).getContent().toString().trim());
        assertEquals(sent.requestedMessageId(), arrived().get(0).getMessageID());
        assertEquals(sent.requestedMessageId(), sent.messageId());
        assertEquals(List.of(DEV), sent.accepted());
        assertEquals(List.of(), sent.refused());
        assertEquals(List.of(MailRig.SHORT), rig.server.graph().tokensHeard());
        assertEquals(0, rig.server.smtpConnections());
    }

    /** The time limit of a socket begins again with each byte. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void isNotHeldUpByAServerThatDrips() {
        Duration patience = Duration.ofSeconds(1);
        rig.timeouts(new Timeouts(60_000, 60_000, 60_000, patience, patience, patience, patience));
        rig.server.graph().drip("POST .*sendMail");
        MailFailure failure = fails(false, new Draft().mail());
        assertTrue(failure.fateUnknown(), failure.getMessage());
    }

    @Test
    void returnsTheIdThatRecipientsSee() throws Exception {
        rig.server.graph().with(GraphTrait.REPLACES_MESSAGE_IDS, GraphTrait.DROPS_HEADER_FIELDS);
        SentMail sent = send(true, new Draft().mail());
        assertNotEquals(sent.requestedMessageId(), sent.messageId());
        assertEquals(arrived().get(0).getMessageID(), sent.messageId());
        assertEquals(List.of("POST box/messages", "POST box/messages/ID/send", "GET box/messages/ID"), heard());
        assertEquals(0, rig.server.graph().drafts(MailRig.USER));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void reachesHiddenRecipientsWithoutNamingThem(boolean keepsDrafts) throws Exception {
        SentMail sent = send(
                keepsDrafts,
                new Draft()
                        .to(DEV)
                        .cc("Ann <ann@example.com>")
                        .bcc("eve@example.com", DEV)
                        .mail());
        assertEquals(List.of(DEV, "ann@example.com", "eve@example.com"), sent.accepted());
        for (String recipient : sent.accepted()) {
            MimeMessage mail = rig.server.mails(recipient, "INBOX").get(0);
            assertNull(mail.getHeader("Bcc"), recipient);
            assertEquals("Ann <ann@example.com>", mail.getHeader("Cc", null));
        }
        assertEquals(1, arrived().size());
    }

    @ParameterizedTest
    @CsvSource({"2000000, true", "2000000, false", "3000000, true", "9000000, true", "9000000, false"})
    void addsLargeAttachmentsToADraft(int size, boolean keepsDrafts) throws Exception {
        byte[] content = bytes(size);
        SentMail sent = send(
                keepsDrafts,
                new Draft()
                        .html("<b>rich</b>")
                        .header("In-Reply-To", "<q@example.com>")
                        .attach("log ü.txt", content)
                        .attach("small.txt", new byte[] {1, 2, 3})
                        .mail());
        MimeMessage mail = arrived().get(0);
        assertEquals(sent.requestedMessageId(), mail.getMessageID());
        assertEquals("<q@example.com>", mail.getHeader("In-Reply-To", null));
        Multipart parts = (Multipart) mail.getContent();
        assertEquals(3, parts.getCount());
        assertTrue(
                parts.getBodyPart(0).isMimeType("multipart/alternative"),
                parts.getBodyPart(0).getContentType());
        assertEquals("small.txt", parts.getBodyPart(2).getFileName());
        assertArrayEquals(content, parts.getBodyPart(1).getInputStream().readAllBytes());
        assertArrayEquals(
                new byte[] {1, 2, 3}, parts.getBodyPart(2).getInputStream().readAllBytes());
        assertEquals(
                size > 3_000_000 ? 3 : 0,
                heard().stream().filter(request -> request.startsWith("PUT")).count());
        assertTrue(sent.bytes() > size, "bytes: " + sent.bytes());
        assertEquals(0, rig.server.graph().drafts(MailRig.USER));
    }

    @ParameterizedTest
    @ValueSource(ints = {2_000_000, 3_500_000})
    void showsLargeImagesThatTheHtmlRefersTo(int size) throws Exception {
        send(
                true,
                new Draft()
                        .html("<img src=\"cid:chart.png\">")
                        .attach("chart.png", bytes(size))
                        .attach("other.png", bytes(10))
                        .mail());
        Multipart parts = (Multipart) arrived().get(0).getContent();
        MimeBodyPart chart = (MimeBodyPart) parts.getBodyPart(1);
        assertEquals("<chart.png>", chart.getContentID());
        assertEquals(Part.INLINE, chart.getDisposition());
        MimeBodyPart other = (MimeBodyPart) parts.getBodyPart(2);
        assertEquals("other.png", other.getFileName());
        assertNull(other.getContentID());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void waitsVisiblyWhenThrottled(boolean keepsDrafts) throws Exception {
        rig.server.graph().throttle("POST", 2, 17);
        send(keepsDrafts, new Draft().mail());
        assertEquals(1, arrived().size());
        assertEquals(
                List.of(Duration.ofSeconds(17), Duration.ofSeconds(17)),
                rig.time.pauses().subList(0, 2));
        assertEquals(2, notices.size());
        assertTrue(notices.get(0).contains("429 ApplicationThrottled"), notices.get(0));
        assertTrue(notices.get(0).endsWith("Trying again in 17 seconds (attempt 1 of 4)."), notices.get(0));
    }

    /** Otherwise, all messages that were throttled together would come back together. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void waitsForAnotherTurnAfterItWasThrottled(boolean keepsDrafts) throws Exception {
        rig.server.graph().throttle("POST", 1, 17);
        try (MailSender sender = rig.graphSender(keepsDrafts)) {
            sender.send(new Draft().mail(), notice -> {
                notices.add(notice);
                for (int i = 0; notices.size() == 1 && i < 29; i++) {
                    assertDoesNotThrow(() -> sender.send(new Draft().mail()));
                }
            });
        }
        assertEquals(30, arrived().size());
        assertEquals(Duration.ofSeconds(17), rig.time.pauses().get(0));
        assertEquals(Duration.ofSeconds(60), rig.time.waited());
        assertEquals("waiting 43 seconds, because the mailbox may send only 30 messages a minute.", notices.get(1));
    }

    /** An attachment that consists of the number of pauses until it was read. */
    private OutgoingMail.Attachment pausesSoFar() {
        return new OutgoingMail.Attachment(
                "pauses.bin",
                1,
                () -> new ByteArrayInputStream(
                        new byte[] {(byte) rig.time.pauses().size()}));
    }

    private byte pausesThatArrived() throws Exception {
        MimeMessage last = arrived().get(arrived().size() - 1);
        return ((Multipart) last.getContent()).getBodyPart(1).getInputStream().readAllBytes()[0];
    }

    /** Otherwise, all messages that wait would be in memory. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isEncodedWhenItsTurnHasCome(boolean keepsDrafts) throws Exception {
        try (MailSender sender = rig.graphSender(keepsDrafts)) {
            for (int i = 0; i < 30; i++) {
                sender.send(new Draft().mail());
            }
            SentMail sent = sender.send(new Draft().attach(pausesSoFar()).mail());
            assertEquals(sent.requestedMessageId(), arrived().get(30).getMessageID());
        }
        assertEquals(Duration.ofMinutes(1), rig.time.waited());
        assertEquals(rig.time.pauses().size(), pausesThatArrived());
    }

    /** As above. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isEncodedAgainAfterItWasThrottled(boolean keepsDrafts) throws Exception {
        rig.server.graph().throttle("POST", 2, 17);
        SentMail sent = send(keepsDrafts, new Draft().attach(pausesSoFar()).mail());
        assertEquals(2, pausesThatArrived());
        assertEquals(sent.requestedMessageId(), arrived().get(0).getMessageID());
    }

    /** As above: Microsoft allows four requests at a time for a mailbox. */
    @ParameterizedTest
    @CsvSource({"sendMail, 100, false", "/messages$, 100, true", "/attachments$, 2000000, true"})
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void isEncodedWhenItHasAPlace(String request, int size, boolean keepsDrafts) throws Exception {
        byte[] content = bytes(size);
        AtomicInteger opened = new AtomicInteger();
        OutgoingMail mail = new Draft()
                .attach(new OutgoingMail.Attachment("a.bin", size, () -> {
                    opened.incrementAndGet();
                    return new ByteArrayInputStream(content);
                }))
                .mail();
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch throttled = new CountDownLatch(1);
        rig.server.graph().throttle("POST .*" + request, 1, 17);
        List<FutureTask<MailFailure>> others = new ArrayList<>();
        FutureTask<SentMail> waiting = new FutureTask<>(() -> {
            try (MailSender sender = rig.graphSender(keepsDrafts)) {
                return sender.send(mail, notice -> {
                    others.addAll(takeAllPlaces(go));
                    throttled.countDown();
                });
            }
        });
        Thread thread = new Thread(waiting, "build");
        thread.start();
        throttled.await();
        int before = opened.get();
        try {
            Await.until(() -> thread.getState() == Thread.State.TIMED_WAITING);
            assertEquals(before, opened.get());
        } finally {
            go.countDown();
        }
        waiting.get();
        assertEquals(before + 1, opened.get());
        for (FutureTask<MailFailure> other : others) {
            assertTrue(other.get().fateUnknown());
        }
        assertArrayEquals(
                content,
                ((Multipart) arrived().get(0).getContent())
                        .getBodyPart(1)
                        .getInputStream()
                        .readAllBytes());
    }

    /** Returns the messages that have them until they may go on. */
    private List<FutureTask<MailFailure>> takeAllPlaces(CountDownLatch go) {
        List<FutureTask<MailFailure>> others = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            CountDownLatch held = rig.server.graph().hold("POST .*sendMail", go);
            FutureTask<MailFailure> other = new FutureTask<>(() -> fails(false, new Draft().mail()));
            others.add(other);
            new Thread(other).start();
            assertDoesNotThrow(() -> held.await());
        }
        return others;
    }

    @ParameterizedTest
    @CsvSource({"createUploadSession", "PUT", "attachments", "/send"})
    void continuesTheDraftWhereItHadToWait(String request) throws Exception {
        rig.server.graph().throttle(request, 1, 5);
        send(
                true,
                new Draft()
                        .attach("a.bin", bytes(4_000_000))
                        .attach("b.bin", bytes(10))
                        .mail());
        assertEquals(1, arrived().size());
        assertEquals(3, ((Multipart) arrived().get(0).getContent()).getCount());
        assertEquals(1, heard().stream().filter("POST box/messages"::equals).count());
    }

    @Test
    void neverRepeatsWhatMayHaveBeenSent() {
        rig.server.graph().lose("sendMail", true);
        MailFailure failure = fails(false, new Draft().mail());
        assertTrue(failure.fateUnknown(), failure.getMessage());
        assertTrue(failure.getMessage().contains("it may or may not have been delivered"), failure.getMessage());
        assertEquals(1, arrived().size());
        assertEquals(List.of("POST box/sendMail"), heard());
    }

    @Test
    void doesNotTakeATimeOutForARefusal() {
        rig.server.graph().refuse("sendMail", 1, 504, "ErrorTimeoutExpired", "Timed out.");
        assertTrue(fails(false, new Draft().mail()).fateUnknown());
        assertEquals(1, heard().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 504})
    void doesNotTakeAnOutageForARefusal(int status) {
        rig.server.graph().answer("sendMail", status);
        MailFailure failure = fails(false, new Draft().mail());
        assertTrue(failure.fateUnknown(), failure.getMessage());
        assertEquals(List.of("POST box/sendMail"), heard());
    }

    @Test
    void doesNotTakeAnAnswerThatIsTooLongForARefusal() {
        rig.server.graph().answer("sendMail", 500, "text/html", "x".repeat(2 << 20));
        MailFailure failure = fails(false, new Draft().mail());
        assertTrue(failure.fateUnknown(), failure.getMessage());
    }

    @Test
    void findsOutWhetherADraftWasSent() throws Exception {
        rig.server.graph().lose("/send", true);
        SentMail sent = send(true, new Draft().mail());
        assertEquals(arrived().get(0).getMessageID(), sent.messageId());
        assertEquals(
                1, heard().stream().filter("POST box/messages/ID/send"::equals).count());
    }

    @Test
    void leavesADraftWhoseFateIsUnknown() {
        rig.server.graph().lose("/send", false);
        MailFailure failure = fails(true, new Draft().mail());
        assertTrue(failure.fateUnknown(), failure.getMessage());
        rig.time.advance(Duration.ofMinutes(1));
        assertEquals(1, rig.server.graph().drafts(MailRig.USER));
        assertEquals(
                1, heard().stream().filter("POST box/messages/ID/send"::equals).count());
    }

    @Test
    void repeatsWhatWasLostBeforeSending() throws Exception {
        rig.server.graph().lose("POST users/[^/]+/messages$", true);
        send(true, new Draft().mail());
        assertEquals(1, arrived().size());
    }

    /** A gateway that has waited too long says nothing about what came of the request. */
    @ParameterizedTest
    @CsvSource({"/attachments$, 500", "/attachments$, 502", "/attachments$, 504", "/upload/, 504"})
    void attachesNothingTwice(String request, int status) throws Exception {
        rig.server.graph().fail("(POST|PUT) .*" + request, status, "UnknownError", "The request took too long.");
        int size = request.equals("/upload/") ? 3_500_000 : 2_000_000;
        send(
                true,
                new Draft()
                        .attach("a.bin", bytes(size))
                        .attach("b.txt", bytes(10))
                        .mail());
        Multipart sent = (Multipart) arrived().get(0).getContent();
        assertEquals(3, sent.getCount());
        assertEquals(1, arrived().size());
        assertEquals(0, rig.server.graph().drafts(MailRig.USER));
    }

    @Test
    void deletesADraftThatIsNotSent() {
        rig.server.graph().refuse("/send", 1, 403, "ErrorSendAsDenied", "not allowed");
        MailFailure failure = fails(true, new Draft().mail());
        assertEquals(Layer.PERMISSION, failure.layer());
        assertTrue(failure.getMessage().contains("grant it Send As"), failure.getMessage());
        rig.time.advance(Duration.ofSeconds(1));
        assertEquals(0, rig.server.graph().drafts(MailRig.USER));
    }

    @ParameterizedTest
    @CsvSource({"sendMail, false", "/send, true"})
    void whoeverStopsItIsToldThatItMayArrive(String request, boolean keepsDrafts) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch arrived = rig.server.graph().hold(request, never);
        FutureTask<Boolean> running = new FutureTask<>(() -> {
            MailFailure failure = fails(keepsDrafts, new Draft().mail());
            assertTrue(failure.fateUnknown(), failure.getMessage());
            assertTrue(failure.getMessage().contains("sending was stopped"), failure.getMessage());
            return Thread.currentThread().isInterrupted();
        });
        Thread thread = new Thread(running, "build");
        thread.start();
        arrived.await();
        thread.interrupt();
        assertTrue(running.get(), "the build does not know that it was stopped");
        never.countDown();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void stopsBeforeTheFirstRequest(boolean keepsDrafts) {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> send(keepsDrafts, new Draft().mail()));
        assertEquals(List.of(), heard());
    }

    /** Nobody should see a failure, and nobody should try anything else. */
    @ParameterizedTest
    @ValueSource(ints = {2_000_000, 3_500_000})
    void stopsBetweenRequests(int size) {
        byte[] content = bytes(size);
        OutgoingMail mail = new Draft()
                .attach(new OutgoingMail.Attachment("a.bin", size, () -> {
                    Thread.currentThread().interrupt();
                    return new ByteArrayInputStream(content);
                }))
                .mail();
        assertThrows(InterruptedException.class, () -> send(true, mail));
        assertEquals(List.of(), arrived());
        rig.time.advance(Duration.ofSeconds(1));
        assertEquals(0, rig.server.graph().drafts(MailRig.USER));
    }

    /** Not after it either, when nobody would know what became of it. */
    @Test
    void stopsWhileTheRequestIsMade() {
        AtomicInteger opened = new AtomicInteger();
        OutgoingMail mail = new Draft()
                .attach(new OutgoingMail.Attachment("a.bin", 1, () -> {
                    if (opened.incrementAndGet() == 2) {
                        Thread.currentThread().interrupt();
                    }
                    return new ByteArrayInputStream(new byte[1]);
                }))
                .mail();
        assertThrows(InterruptedException.class, () -> send(false, mail));
        assertEquals(2, opened.get());
        assertEquals(List.of(), heard());
    }

    /** The message is on its way while the sender still asks what became of it. */
    @Test
    void whoeverStopsTheQuestionWhatBecameOfItIsToldThatItMayArrive() throws Exception {
        rig.server.graph().lose("/send", true);
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch asked = rig.server.graph().hold("GET ", never);
        FutureTask<Boolean> running = new FutureTask<>(() -> {
            MailFailure failure = fails(true, new Draft().mail());
            assertTrue(failure.fateUnknown(), failure.getMessage());
            return Thread.currentThread().isInterrupted();
        });
        Thread thread = new Thread(running, "build");
        thread.start();
        asked.await();
        thread.interrupt();
        assertTrue(running.get(), "the build does not know that it was stopped");
        never.countDown();
        rig.time.advance(Duration.ofSeconds(1));
        assertTrue(heard().stream().noneMatch(request -> request.startsWith("DELETE")), heard().toString());
    }

    @Test
    void onlyTakes202ForSuccess() {
        rig.server.graph().answer("sendMail", 200);
        MailFailure failure = fails(false, new Draft().mail());
        assertFalse(failure.fateUnknown());
        assertTrue(failure.getMessage().contains("answered with 200 instead of 202"), failure.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "403, ErrorAccessDenied, PERMISSION, Mail.Send",
        "403, ErrorSendAsDenied, PERMISSION, Send As",
        "404, MailboxNotEnabledForRESTAPI, PERMISSION, license",
        "404, ResourceNotFound, PERMISSION, address",
        "413, ErrorMessageSizeExceeded, MESSAGE, smaller attachments",
        "400, ErrorInvalidRecipients, MESSAGE, recipients",
        "507, ErrorQuotaExceeded, SEND, Sent Items",
        "429, ErrorSubmissionQuotaExceeded, SEND, tomorrow",
        "400, SomethingElse, SEND, correct what the server objects to",
        "407, ProxyError, CONNECT, proxy"
    })
    void namesTheLayerTheFixAndTheRequest(int status, String code, Layer layer, String fix) {
        rig.server.graph().refuse("sendMail", 9, status, code, "Words for developers.");
        MailFailure failure = fails(false, new Draft().mail());
        assertEquals(layer, failure.layer(), failure.getMessage());
        assertTrue(failure.getMessage().contains(fix), failure.getMessage());
        assertTrue(failure.getMessage().contains("\"" + status + " " + code), failure.getMessage());
        assertTrue(failure.getMessage().matches("(?s).*\\(request ID [0-9a-f-]{36}\\).*"), failure.getMessage());
        assertFalse(failure.getMessage().contains(MailRig.SHORT));
        assertEquals(List.of(), arrived());
    }

    @Test
    void refusesTheTokenOfAnotherService() {
        rig.token("token-for-exchange-0123");
        MailFailure failure = fails(false, new Draft().mail());
        assertEquals(Layer.LOGIN, failure.layer());
        assertTrue(failure.tokenRefused());
        assertTrue(failure.getMessage().contains("authorize the account again"), failure.getMessage());
    }

    @Test
    void saysThatLargeMessagesNeedAPermission() {
        rig.server.graph().refuse("POST users/[^/]+/messages$", 1, 403, "ErrorAccessDenied", "Access is denied.");
        MailFailure failure =
                fails(false, new Draft().attach("a.bin", bytes(2_000_000)).mail());
        assertTrue(failure.getMessage().contains("a message of more than 1.5 MB needs"), failure.getMessage());
        assertTrue(failure.getMessage().contains("Mail.ReadWrite"), failure.getMessage());
    }

    @Test
    void namesAServerThatCannotBeReached() {
        rig.server.graph().close();
        MailFailure failure = fails(true, new Draft().mail());
        assertEquals(Layer.CONNECT, failure.layer());
        assertFalse(failure.fateUnknown());
    }

    @Test
    void relaysWhatOthersComposed(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(
                folder.resolve("mail.eml"),
                "From: " + MailRig.USER + "\r\nTo: " + DEV + "\r\nBcc: old@example.com\r\nSubject: x\r\n\r\nGr\u00fcn",
                StandardCharsets.ISO_8859_1);
        try (MailSender sender = rig.graphSender(false)) {
            sender.relay(new FinishedMail(List.of(DEV, "eve@example.com"), file, List.of(MailRig.USER)), notices::add);
            assertEquals(1, arrived().size());
            assertNull(arrived().get(0).getHeader("Bcc"));
            assertEquals(1, rig.server.mails("eve@example.com", "INBOX").size());
            assertEquals(0, rig.server.mails("old@example.com", "INBOX").size());
            MailFailure failure = assertThrows(
                    MailFailure.class,
                    () -> sender.relay(
                            new FinishedMail(List.of("eve@example.com"), file, List.of(MailRig.USER)), notices::add));
            assertTrue(failure.getMessage().contains("everybody in To and Cc"), failure.getMessage());
        }
    }

    /** RFC 5322 section 3.4: the members of a group are recipients like all others. */
    @Test
    void relaysToNobodyWhoIsOnlyNamedInAGroup(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(
                folder.resolve("mail.eml"),
                "From: " + MailRig.USER + "\r\nTo: Team: " + DEV + ", Eve <eve@example.com>;\r\n"
                        + "Cc: undisclosed-recipients:;\r\nSubject: x\r\n\r\nx");
        try (MailSender sender = rig.graphSender(false)) {
            MailFailure failure = assertThrows(
                    MailFailure.class,
                    () -> sender.relay(new FinishedMail(List.of(DEV), file, List.of(MailRig.USER)), notices::add));
            assertTrue(failure.getMessage().contains("eve@example.com"), failure.getMessage());
            assertEquals(List.of(), heard());
            sender.relay(new FinishedMail(List.of(DEV, "eve@example.com"), file, List.of(MailRig.USER)), notices::add);
            assertEquals(1, heard().size());
        }
    }

    /** The program that waits for it would have given up, and send it again. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void relaysNothingIfATokenComesTooLate(boolean keepsDrafts, @TempDir Path folder) throws Exception {
        Mailbox usual = rig.graphMailbox(keepsDrafts);
        Mailbox slow = new Mailbox(
                MailRig.USER,
                usual.smtp(),
                usual.imap(),
                () -> {
                    rig.time.advance(Duration.ofSeconds(41));
                    return usual.tokens().token();
                },
                0,
                usual.graph());
        try (MailSender late = new MailSender(slow, Timeouts.DEFAULT, rig.time, 1)) {
            MailFailure refusal = assertThrows(MailFailure.class, () -> late.relay(finished(folder), notices::add));
            assertTrue(refusal.temporary(), refusal.getMessage());
        }
        assertEquals(0, arrived().size());
    }

    /** As above: Microsoft allows four requests at a time for a mailbox. */
    @Test
    void relaysNothingIfOtherRequestsTakeTooLong(@TempDir Path folder) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<CountDownLatch> held = new ArrayList<>();
        List<FutureTask<SentMail>> others = new ArrayList<>();
        try (MailSender sender = rig.graphSender(false)) {
            for (int i = 0; i < 26; i++) {
                sender.relay(finished(folder), notices::add);
            }
            for (int i = 0; i < 4; i++) {
                held.add(rig.server.graph().hold("POST .*sendMail", go));
            }
            for (int i = 0; i < 4; i++) {
                FutureTask<SentMail> other = new FutureTask<>(() -> sender.send(new Draft().mail(), notice -> {}));
                others.add(other);
                new Thread(other).start();
            }
            for (CountDownLatch each : held) {
                each.await();
            }
            // All of the 40 seconds are spent on waiting for the turn.
            rig.time.advance(Duration.ofSeconds(20));
            FutureTask<SentMail> late = new FutureTask<>(() -> sender.relay(finished(folder), notices::add));
            new Thread(late).start();
            ExecutionException failed = assertThrows(ExecutionException.class, () -> late.get(60, TimeUnit.SECONDS));
            assertTrue(
                    failed.getCause() instanceof MailFailure refusal && refusal.temporary(),
                    failed.getCause().toString());
        } finally {
            go.countDown();
        }
        for (FutureTask<SentMail> other : others) {
            assertThrows(ExecutionException.class, other::get);
        }
        assertEquals(26, arrived().size());
    }

    /** It waits for the reply, and nobody wants to know the Message-ID. */
    @Test
    void asksNothingMoreOnceARelayedMessageIsAccepted(@TempDir Path folder) throws Exception {
        try (MailSender sender = rig.graphSender(true)) {
            sender.relay(finished(folder), notices::add);
        }
        assertEquals(1, arrived().size());
        assertTrue(heard().get(heard().size() - 1).matches("POST .*/send"), heard().toString());
    }

    private static FinishedMail finished(Path folder) throws Exception {
        Path file = Files.writeString(
                folder.resolve("mail.eml"), "From: " + MailRig.USER + "\r\nTo: " + DEV + "\r\nSubject: x\r\n\r\nx\r\n");
        return new FinishedMail(List.of(DEV), file, List.of(MailRig.USER));
    }

    @Test
    void keepsTheRateLimitWhenTheTransportChanges() throws Exception {
        MailSender smtp = rig.sender();
        for (int i = 0; i < 30; i++) {
            smtp.send(new Draft().mail());
        }
        smtp.close();
        try (MailSender graph = smtp.successor(rig.graphMailbox(false))) {
            graph.send(new Draft().mail(), notices::add);
        }
        assertEquals(List.of("waiting 60 seconds, because the mailbox may send only 30 messages a minute."), notices);
        assertEquals(31, arrived().size());
    }
}
