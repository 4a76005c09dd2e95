package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.connect.Xoauth2;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.testing.mail.ExchangeTrait;
import io.jenkins.plugins.oauthmail.testing.mail.LoginRefusal;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AUTH XOAUTH2, and that the token goes nowhere else. */
public class SmtpLoginTest {

    /** As long as the tokens of people who are in many groups. */
    public static final String LONG = "eyJ0eXAiOiJKV1QifQ." + "aB3-_".repeat(1196) + ".s";

    private final MailRig rig = new MailRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private MailFailure refused() {
        return assertThrows(MailFailure.class, () -> rig.sender().send(new Draft().mail()));
    }

    private List<String> logins() {
        return rig.server.smtpHeard().stream()
                .filter(line -> line.startsWith("AUTH"))
                .collect(Collectors.toList());
    }

    @Test
    void sendsAShortTokenInOneStep() throws Exception {
        rig.sender().send(new Draft().mail());
        assertEquals(1, logins().size());
        assertTrue(logins().get(0).length() > 20, logins().toString());
        assertTrue(rig.server.heardToken(MailRig.SHORT));
    }

    @Test
    void sendsALongTokenInOneStepIfTheServerAcceptsIt() throws Exception {
        assertEquals(6001, LONG.length());
        rig.server.accept(MailRig.USER, LONG);
        rig.token(LONG).sender().send(new Draft().mail());
        assertEquals(1, logins().size());
        assertTrue(logins().get(0).length() > 6000, logins().toString());
        assertEquals(1, rig.server.mails("dev@example.com", "INBOX").size());
    }

    @Test
    void sendsALongTokenToExchangeInTwoSteps() throws Exception {
        rig.server.exchange().with(Set.of(ExchangeTrait.OWN_SMTP_GREETING_AND_LOGIN));
        rig.server.accept(MailRig.USER, LONG);
        rig.token(LONG).sender().send(new Draft().mail());
        assertEquals(List.of("AUTH XOAUTH2"), logins());
        assertEquals(1, rig.server.mails("dev@example.com", "INBOX").size());
    }

    /** As Postfix refuses what it has cut, as Dovecot does, as one that cuts the line in two, and without a word. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "535 5.7.8 Error: authentication failed: Invalid base64 data in initial response",
                "500 5.5.2 Line too long",
                "501 5.5.2 Cannot decode\r\n500 5.5.1 What is dGVzdA==?",
                "334 eyJzdGF0dXMiOiI0MDEifQ==",
                "454 4.7.0 Temporary authentication failure",
                "421 4.7.0 Too much",
                ""
            })
    void keepsUsingTwoStepsIfALongLineWasRejected(String reply) throws Exception {
        rig.server.accept(MailRig.USER, LONG);
        if (reply.isEmpty()) {
            rig.server.smtpScript().drop("AUTH XOAUTH2 ");
        } else {
            rig.server.smtpScript().reply("AUTH XOAUTH2 ", reply);
        }
        try (MailSender sender = rig.token(LONG).sender()) {
            sender.send(new Draft().mail());
            assertEquals(2, logins().size());
            assertEquals("AUTH XOAUTH2", logins().get(1));
            assertEquals(2, rig.server.smtpConnections());

            rig.time.advance(Duration.ofMinutes(2));
            sender.send(new Draft().mail());
            assertEquals(3, logins().size());
            assertEquals("AUTH XOAUTH2", logins().get(2));
            assertEquals(3, rig.server.smtpConnections());
        }
        assertEquals(2, rig.server.mails("dev@example.com", "INBOX").size());
    }

    /** Once a long line was taken, its length is not why another one is refused. */
    @Test
    void reportsARefusalIfALongLineWasAcceptedBefore() throws Exception {
        rig.server.accept(MailRig.USER, LONG);
        try (MailSender sender = rig.token(LONG).sender()) {
            sender.send(new Draft().mail());
            rig.time.advance(Duration.ofMinutes(2));
            rig.server.accept(MailRig.USER, "another");
            MailFailure failure = assertThrows(MailFailure.class, () -> sender.send(new Draft().mail()));
            assertEquals(Layer.LOGIN, failure.layer());
        }
        assertEquals(2, logins().size());
        assertEquals(2, rig.server.smtpConnections());
    }

    @Test
    void doesNotTryLinesTooLongForAnyServer() throws Exception {
        String token = "x".repeat(9300);
        rig.server.smtpTraits().longestLine(20_000);
        rig.server.accept(MailRig.USER, token);
        rig.token(token).sender().send(new Draft().mail());
        assertEquals(List.of("AUTH XOAUTH2"), logins());
    }

    @Test
    void keepsCommandLinesForExchangeWithinTheStandard() throws Exception {
        rig.server.exchange().with(Set.of(ExchangeTrait.OWN_SMTP_GREETING_AND_LOGIN));
        String token = "x".repeat(345);
        rig.server.accept(MailRig.USER, token);
        rig.token(token).sender().send(new Draft().mail());
        assertEquals(List.of("AUTH XOAUTH2"), logins());

        String shorter = "x".repeat(335);
        rig.server.accept(MailRig.USER, shorter);
        rig.token(shorter).sender().send(new Draft().mail());
        String line = logins().get(1);
        assertTrue(line.length() > 480 && line.length() <= 510, "length " + line.length());
    }

    @Test
    void triesTheOtherFormOnceIfTheServerRejectsTheForm() throws Exception {
        rig.server.exchange().with(Set.of(ExchangeTrait.OWN_SMTP_GREETING_AND_LOGIN));
        rig.server.accept(MailRig.USER, LONG);
        rig.server.smtpTraits().twoSteps(false);
        rig.token(LONG).sender().send(new Draft().mail());
        assertEquals(2, logins().size());

        rig.server.accept(MailRig.USER, MailRig.SHORT);
        rig.server.smtpTraits().twoSteps(true).initialResponse(false);
        rig.token(MailRig.SHORT).sender().send(new Draft().mail());
        assertEquals(4, logins().size());
        assertEquals("AUTH XOAUTH2", logins().get(3));
    }

    @Test
    void givesUpIfTheServerAcceptsNeitherForm() {
        rig.server.smtpTraits().twoSteps(false).initialResponse(false);
        assertEquals(Layer.LOGIN, refused().layer());
        assertEquals(2, logins().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"LOGIN PLAIN", "PLAIN", "OAUTHBEARER", "XOAUTH", "XOAUTH22"})
    void neverSendsTheTokenWithoutXoauth2(String offered) {
        rig.server.smtpTraits().mechanisms(offered.split(" "));
        MailFailure failure = refused();
        assertEquals(Layer.LOGIN, failure.layer());
        assertTrue(failure.getMessage().contains("does not offer XOAUTH2 logins"), failure.getMessage());
        assertTrue(failure.getMessage().contains(offered), failure.getMessage());
        assertFalse(rig.server.heardToken(MailRig.SHORT));
        assertEquals("EHLO [127.0.0.1]", rig.server.smtpHeard().get(0));
        assertEquals(List.of(), logins());
    }

    @Test
    void neverSendsTheTokenWithoutAuth() {
        rig.server.smtpTraits().mechanisms();
        assertEquals(Layer.LOGIN, refused().layer());
        assertFalse(rig.server.heardToken(MailRig.SHORT));
    }

    @Test
    void explainsARefusedTokenWithTheChallenge() {
        rig.token("wrong-token");
        MailFailure failure = refused();
        assertEquals(Layer.LOGIN, failure.layer());
        assertTrue(failure.getMessage().contains(LoginRefusal.CHALLENGE), failure.getMessage());
        assertTrue(failure.getMessage().contains("535 5.7.8"), failure.getMessage());
        assertTrue(failure.getMessage().contains("authorize the account again"), failure.getMessage());
        assertFalse(failure.getMessage().contains("wrong-token"));
        // After the challenge comes an empty line, never the token again.
        List<String> heard = rig.server.smtpHeard();
        assertEquals("", heard.get(2));
    }

    @Test
    void understandsTheChallengeAfterTwoSteps() {
        rig.token(LONG);
        MailFailure failure = refused();
        assertTrue(failure.getMessage().contains(LoginRefusal.CHALLENGE), failure.getMessage());
        List<String> heard = rig.server.smtpHeard().stream()
                .filter(line -> !line.equals("QUIT"))
                .toList();
        assertEquals("", heard.get(heard.size() - 1));
        assertEquals("AUTH XOAUTH2", heard.get(heard.size() - 3));
    }

    @Test
    void explainsARefusedTokenWithoutAChallenge() {
        rig.server.smtpTraits().refusal(LoginRefusal.EXCHANGE);
        rig.token("wrong-token");
        MailFailure failure = refused();
        assertEquals(Layer.LOGIN, failure.layer());
        assertTrue(failure.getMessage().contains("535 5.7.3 Authentication unsuccessful"), failure.getMessage());
        assertTrue(failure.getMessage().contains("New-ServicePrincipal"), failure.getMessage());
        assertEquals(1, logins().size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant."
                        + "|PERMISSION|Set-CASMailbox",
                "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults"
                        + " policy.|PERMISSION|security defaults",
                "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated"
                        + " successfully.|PERMISSION|conditional access",
                "535 5.7.139 Authentication unsuccessful|PERMISSION|Authenticated SMTP",
                "550 5.7.30 Basic authentication is not supported for Client Submission.|LOGIN|smtp.office365.com",
                "454 4.7.0 Temporary authentication failure|LOGIN|try again later",
            })
    void knownRefusalsNameLayerAndFix(String reply, Layer layer, String cure) {
        rig.server.smtpScript().reply("AUTH", reply);
        MailFailure failure = refused();
        assertEquals(layer, failure.layer(), failure.getMessage());
        assertTrue(failure.getMessage().contains(cure), failure.getMessage());
        assertTrue(failure.getMessage().contains(reply), failure.getMessage());
        assertEquals(reply.startsWith("4"), failure.temporary());
    }

    @Test
    void hidesTheTokenIfTheServerRepeatsIt() {
        String response = Xoauth2.response(MailRig.USER, MailRig.SHORT.repeat(5));
        rig.token(MailRig.SHORT.repeat(5));
        rig.server.smtpScript().reply("AUTH", "535 cannot understand AUTH XOAUTH2 " + response);
        MailFailure failure = refused();
        assertFalse(failure.getMessage().contains(response.substring(0, 40)), failure.getMessage());
        assertTrue(failure.getMessage().contains("cannot understand"), failure.getMessage());
    }

    @Test
    void doesNotMistakeALostConnectionForARefusal() {
        rig.server.smtpScript().drop("AUTH");
        MailFailure failure = refused();
        assertEquals(Layer.CONNECT, failure.layer());
        assertTrue(failure.getMessage().contains("lost during the login"), failure.getMessage());
    }

    @Test
    void doesNotConnectWithoutAToken() {
        Mailbox mailbox = new Mailbox(
                MailRig.USER,
                rig.server.smtp(Security.NONE),
                rig.server.imap(Security.NONE),
                () -> {
                    throw new TokenFailure(TokenFailure.Kind.SIGN_IN_AGAIN, "The sign-in has ended; authorize again.");
                },
                0);
        MailFailure failure = assertThrows(MailFailure.class, () -> new MailSender(mailbox).send(new Draft().mail()));
        assertEquals(Layer.TOKEN, failure.layer());
        assertEquals("Token: The sign-in has ended; authorize again.", failure.getMessage());
        assertEquals(0, rig.server.smtpConnections());
    }
}
