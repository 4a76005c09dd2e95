package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import io.jenkins.plugins.oauthmail.testing.mail.ExchangeSays;
import io.jenkins.plugins.oauthmail.testing.mail.ExchangeTrait;
import io.jenkins.plugins.oauthmail.testing.mail.OnBothServers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What Exchange says while mail is submitted to it. */
@OnBothServers
@Timeout(60)
class ExchangeSubmissionTest {

    private final MailRig rig = new MailRig();
    private final MailSender sender = rig.sender(Security.STARTTLS);
    private final List<String> notices = new ArrayList<>();

    @AfterEach
    void stop() {
        sender.close();
        rig.close();
    }

    private SentMail send(Draft draft) throws Exception {
        return sender.send(draft.mail(), notices::add);
    }

    private int arrived(String user) {
        return rig.server.mails(user, "INBOX").size();
    }

    private long heard(String verb) {
        return rig.server.smtpHeard().stream()
                .filter(line -> line.startsWith(verb))
                .count();
    }

    /** The whole conversation, however it greets and whatever it offers. */
    @Test
    void sendsFromGreetingToReceipt() throws Exception {
        rig.server
                .exchange()
                .with(
                        ExchangeTrait.OWN_SMTP_GREETING_AND_LOGIN,
                        ExchangeTrait.ASSIGNS_MESSAGE_IDS,
                        ExchangeTrait.OWN_SMTP_EXTENSIONS);
        SentMail sent = send(new Draft());
        assertEquals(List.of("dev@example.com"), sent.accepted());
        assertEquals(1, arrived("dev@example.com"));
        assertEquals(List.of(), notices);
    }

    /** The id in the receipt is the one to look for. */
    @Test
    void returnsTheIdInTheReceipt() throws Exception {
        rig.server.exchange().with(ExchangeTrait.ASSIGNS_MESSAGE_IDS);
        rig.server
                .smtpScript()
                .reply(
                        ".",
                        "250 2.0.0 OK <AM0PR01MB0001ABC@AM0PR01MB0001.prod.exchangelabs.com> [Hostname=AM0PR01MB0001]")
                .reply(
                        "BDAT",
                        "250 2.0.0 OK <AM0PR01MB0001ABC@AM0PR01MB0001.prod.exchangelabs.com> [Hostname=AM0PR01MB0001]");
        SentMail sent = send(new Draft());
        assertEquals("<AM0PR01MB0001ABC@AM0PR01MB0001.prod.exchangelabs.com>", sent.messageId());
        assertFalse(sent.requestedMessageId().contains("AM0PR01MB0001"), sent.requestedMessageId());
    }

    /** It offers CHUNKING and stalls when it is taken at its word; whoever has read its greeting uses DATA. */
    @Test
    void doesNotUseBdat() throws Exception {
        rig.server.exchange().with(ExchangeTrait.OWN_SMTP_GREETING_AND_LOGIN, ExchangeTrait.STALLS_AFTER_BDAT);
        rig.server.smtpTraits().chunking(true);
        for (String text : List.of("short", "longer\n".repeat(20_000))) {
            send(new Draft().text(text));
        }
        assertEquals(2, arrived("dev@example.com"));
        assertEquals(0, heard("BDAT"));
        assertEquals(2, heard("DATA"));
        assertEquals(List.of(), notices);
    }

    /** A kept connection that has waited for too long is no failed try. */
    @Test
    void replacesAConnectionThatWasIdle() throws Exception {
        rig.server.exchange().with(ExchangeTrait.CLOSES_IDLE_SMTP_CONNECTIONS);
        send(new Draft());
        rig.server.exchange().idleTooLong(true);
        assertEquals(List.of("dev@example.com"), send(new Draft()).accepted());
        assertEquals(2, arrived("dev@example.com"));
        assertEquals(2, rig.server.smtpConnections());
        assertEquals(List.of(), notices);
        assertEquals(List.of(), rig.time.pauses());
    }

    /** Three times, with another reason each, and then it is taken; a kept connection that ends is no failed try. */
    @Test
    void retriesDeferredMessages() throws Exception {
        rig.server.exchange().with(ExchangeTrait.DEFERS_MESSAGES);
        rig.server.exchange().busy(3);
        assertEquals(List.of("dev@example.com"), send(new Draft()).accepted());
        assertEquals(1, arrived("dev@example.com"));
        assertEquals(2, notices.size(), notices::toString);
        for (String said : ExchangeSays.LATER.subList(1, 3)) {
            assertTrue(notices.stream().anyMatch(notice -> notice.contains(said)), said + notices);
        }
    }

    /** At any moment. */
    @ParameterizedTest
    @MethodSource("putOff")
    void retriesDeferralsAtAnyCommand(String command, String said) throws Exception {
        if (said.startsWith("421")) {
            rig.server.smtpScript().replyAndDrop(command, said, 1);
        } else {
            rig.server.smtpScript().reply(command, said, 1);
        }
        assertEquals(List.of("dev@example.com"), send(new Draft()).accepted());
        assertEquals(1, arrived("dev@example.com"));
        assertEquals(List.of(Duration.ofSeconds(5)), rig.time.pauses());
        assertTrue(notices.get(0).contains(said), notices::toString);
    }

    static Stream<Arguments> putOff() {
        return Stream.of("EHLO", "AUTH", "MAIL", "RCPT", "DATA", ".")
                .flatMap(command -> ExchangeSays.LATER.stream().map(said -> Arguments.of(command, said)));
    }

    /** The rest goes in further mails, as many as it takes, and each gets it once. */
    @ParameterizedTest
    @CsvSource({"1100, 500, 3", "501, 500, 2", "24, 5, 5", "7, 1, 7"})
    void splitsManyRecipients(int all, int most, int mails) throws Exception {
        rig.server.exchange().with(ExchangeTrait.LIMITS_RECIPIENTS);
        rig.server.exchange().recipients(most);
        String[] people =
                IntStream.range(0, all).mapToObj(i -> "p" + i + "@example.com").toArray(String[]::new);
        SentMail sent = send(new Draft().to(people));
        assertEquals(List.of(people), sent.accepted());
        assertEquals(mails, heard("MAIL"));
        assertEquals(1, arrived("p0@example.com"));
        assertEquals(1, arrived("p" + (all - 1) + "@example.com"));
        assertEquals(List.of(), notices);
    }

    /** Nobody tries again, an administrator is asked for by what there is to do. */
    @ParameterizedTest
    @MethodSource("blocked")
    void reportsBlocksWithoutRetry(String said) {
        rig.server.exchange().with(ExchangeTrait.BLOCKS_SENDERS);
        rig.server.exchange().blocked(said);
        MailFailure failure = assertThrows(MailFailure.class, () -> send(new Draft()));
        assertEquals(Layer.PERMISSION, failure.layer(), failure.getMessage());
        assertTrue(failure.getMessage().contains(said.replace("\"", "'")), failure.getMessage());
        assertFalse(failure.temporary(), failure.getMessage());
        assertFalse(failure.aboutContent(), failure.getMessage());
        assertFalse(failure.getMessage().contains("correct what the server objects to"), failure.getMessage());
        assertEquals(List.of(), rig.time.pauses());
        assertEquals(0, arrived("dev@example.com"));
    }

    static Stream<String> blocked() {
        return ExchangeSays.BLOCKED.stream();
    }

    /** What is said, at the moment when it is said. */
    @ParameterizedTest
    @MethodSource("refusals")
    void reportsRefusals(String command, String said, Layer layer, String cure, boolean temporary) {
        rig.server.smtpScript().reply(command, said);
        MailFailure failure = assertThrows(MailFailure.class, () -> send(new Draft()));
        assertEquals(layer, failure.layer(), failure.getMessage());
        assertTrue(failure.getMessage().contains(said.substring(0, Math.min(30, said.length()))), failure.getMessage());
        assertTrue(failure.getMessage().contains(cure), failure.getMessage());
        assertEquals(temporary, failure.temporary(), failure.getMessage());
        assertFalse(failure.fateUnknown());
        assertEquals(0, arrived("dev@example.com"));
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of("AUTH", ExchangeSays.SMTP_DISABLED, Layer.PERMISSION, "Set-CASMailbox", false),
                Arguments.of("MAIL", ExchangeSays.NOT_AUTHENTICATED, Layer.PERMISSION, "Set-CASMailbox", false),
                Arguments.of(".", ExchangeSays.TOO_MANY_CONNECTIONS, Layer.SEND, "three connections", true),
                Arguments.of(".", ExchangeSays.SEND_AS_DENIED, Layer.PERMISSION, "Send As", false),
                Arguments.of(".", ExchangeSays.QUOTA, Layer.SEND, "daily", false),
                Arguments.of(".", ExchangeSays.TOO_LARGE, Layer.MESSAGE, "attachments", false),
                Arguments.of(".", ExchangeSays.HEADER_TOO_LARGE, Layer.MESSAGE, "header", false));
    }

    /** What comes back is the same to a reader, though nothing is where it was. */
    @Test
    void readsRewrittenMessages() throws Exception {
        rig.server.exchange().with(ExchangeTrait.REWRITES_MESSAGES);
        byte[] file = "a\r\n--b\r\nc".getBytes(StandardCharsets.US_ASCII);
        String subject =
                "Ein längerer Betreff, der über mehr als eine Zeile geht, und noch etwas mehr " + "x ".repeat(40);
        SentMail sent = send(new Draft()
                .to(MailRig.USER)
                .subject(subject)
                .html("<p>It is <b>green</b>.</p>")
                .attach("Übersicht.txt", file)
                .header("X-Build", "7"));
        ReceivedMail mail = rig.reader()
                .read(MailQuery.in("INBOX").headers(List.of("X-Build")).build(), null)
                .get(0);
        assertEquals(subject.strip(), mail.subject());
        assertEquals("It is green.", mail.text().strip());
        assertTrue(mail.html().contains("<b>green</b>"), mail.html());
        assertEquals("Übersicht.txt", mail.attachments().get(0).name());
        assertEquals(List.of("7"), mail.headers().get("X-Build"));
        assertEquals(sent.requestedMessageId(), mail.messageId());
    }
}
