package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.testing.mail.Dovecot;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Mails that break a rule in a way that people meet, one each, in the folder {@code text} of the test resources, with
 * what their senders meant. They are read by the parts that servers describe and whole, with the same outcome.
 */
class MeantTextTest {

    private static MailRig rig;
    private static Dovecot dovecot;

    @BeforeAll
    static void start() {
        rig = new MailRig();
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
        if (dovecot != null) {
            dovecot.close();
        }
    }

    static Stream<String> expectations() throws IOException {
        Properties expected = expected();
        assertFalse(expected.isEmpty());
        return expected.stringPropertyNames().stream().sorted();
    }

    private static Properties expected() throws IOException {
        Properties expected = new Properties();
        try (Reader in = new InputStreamReader(
                MeantTextTest.class.getResourceAsStream("text/expected.properties"), StandardCharsets.UTF_8)) {
            expected.load(in);
        }
        return expected;
    }

    @ParameterizedTest
    @MethodSource("expectations")
    void readsTheIntendedTextByParts(String expectation) throws Exception {
        rig.server.imapTraits().rewrite(line -> line);
        assertMeant(expectation, rig.read(null, mail(expectation)));
    }

    @ParameterizedTest
    @MethodSource("expectations")
    void readsTheIntendedTextOfWholeMessages(String expectation) throws Exception {
        rig.breakStructure();
        assertMeant(expectation, rig.read(null, mail(expectation)));
    }

    @ParameterizedTest
    @MethodSource("expectations")
    void readsTheIntendedTextFromDovecot(String expectation) throws Exception {
        if (dovecot == null) {
            dovecot = Dovecot.start();
        }
        String user = "meant" + Integer.toHexString(expectation.hashCode()) + "@example.com";
        dovecot.deliver(user, mail(expectation));
        Mailbox mailbox = new Mailbox(
                user,
                dovecot.smtp(),
                dovecot.imap(),
                () -> new AccessToken(
                        dovecot.tokens().good(user, 600), Instant.now().plusSeconds(3600)),
                0);
        MailReader reader = new MailReader(mailbox, AuthenticationRule.NONE, 100 << 20, Duration.ofMinutes(10));
        assertMeant(expectation, reader.read(MailQuery.inbox(), null).get(0));
    }

    private static void assertMeant(String expectation, ReceivedMail mail) throws IOException {
        String field = expectation.substring(expectation.lastIndexOf('.') + 1);
        assertEquals(expected().getProperty(expectation), value(mail, field), expectation);
    }

    private static String value(ReceivedMail mail, String field) {
        return switch (field) {
            case "text" -> ended(mail.text());
            case "html" -> ended(mail.html());
            case "replyText" -> mail.replyText();
            case "subject" -> mail.subject();
            case "automatic" -> String.valueOf(mail.automatic());
            case "attachments" ->
                mail.attachments().stream().map(ReceivedMail.Attachment::name).collect(Collectors.joining("|"));
            case "from" ->
                mail.from().stream()
                        .map(person -> (person.name() == null ? "" : person.name()) + " <" + person.address() + ">")
                        .collect(Collectors.joining("|"));
            default -> throw new IllegalArgumentException(field);
        };
    }

    /** Without the last line's end, which is there or not as the server likes. */
    private static String ended(String text) {
        return text == null || !text.endsWith("\n") ? text : text.substring(0, text.length() - 1);
    }

    private static byte[] mail(String expectation) {
        String name = "text/" + expectation.substring(0, expectation.lastIndexOf('.')) + ".eml";
        try (InputStream in = MeantTextTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
