package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import io.jenkins.plugins.oauthmail.testing.mail.Dovecot;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that we did not write: logins and a mail each way. */
class DovecotTest {
    private static Dovecot dovecot;

    @BeforeAll
    static void start() throws Exception {
        dovecot = Dovecot.start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (dovecot != null) {
            dovecot.close();
        }
    }

    private static Mailbox mailbox(String token) {
        return new Mailbox(
                MailRig.USER,
                dovecot.smtp(),
                dovecot.imap(),
                () -> new AccessToken(token, Instant.now().plusSeconds(3600)),
                0);
    }

    private static MailReader reader(Mailbox mailbox) {
        return new MailReader(mailbox, AuthenticationRule.NONE, 1 << 20, Duration.ofMinutes(10));
    }

    /** Below 512 octets the token travels in one step; from 1026 on Dovecot takes only two. */
    @ParameterizedTest
    @ValueSource(ints = {200, 900, 1800, 5000})
    void acceptsTokensOfAnyLength(int length) throws Exception {
        String token = dovecot.tokens().good(MailRig.USER, length);
        String subject = "length " + length;

        SentMail sent =
                new MailSender(mailbox(token)).send(new Draft().subject(subject).mail());

        assertEquals(List.of("dev@example.com"), sent.accepted());
        assertEquals(
                1,
                dovecot.relayed().stream()
                        .filter(mail -> subject(mail).equals(subject))
                        .count());
        dovecot.deliver(
                MailRig.USER, ("Subject: in " + length + "\r\n\r\nHello\r\n").getBytes(StandardCharsets.US_ASCII));
        List<ReceivedMail> mails =
                reader(mailbox(token)).read(Query.of("INBOX", false, null, "in " + length, null, 5), null);
        assertEquals(1, mails.size());
    }

    private static String subject(jakarta.mail.internet.MimeMessage mail) {
        try {
            return mail.getSubject();
        } catch (jakarta.mail.MessagingException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 1800})
    void showsTheChallengeThatExplainsARefusedToken(int length) {
        Mailbox late = mailbox(dovecot.tokens().expired(MailRig.USER, length));
        MailFailure sending = assertThrows(MailFailure.class, () -> new MailSender(late).send(new Draft().mail()));
        assertEquals(Layer.LOGIN, sending.layer(), sending.getMessage());
        assertTrue(sending.getMessage().contains("\"status\":\"401\""), sending.getMessage());
        MailFailure reading = assertThrows(MailFailure.class, () -> reader(late).read(MailQuery.inbox(), null));
        assertEquals(Layer.LOGIN, reading.layer(), reading.getMessage());
        assertTrue(reading.getMessage().contains("\"status\":\"401\""), reading.getMessage());
    }
}
