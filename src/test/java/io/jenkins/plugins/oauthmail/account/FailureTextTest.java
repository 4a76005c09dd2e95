package io.jenkins.plugins.oauthmail.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.connect.MailFailures;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages begin with the reason and the fix; what a server said is apart from them. */
class FailureTextTest {
    private static final Endpoint SERVER = new Endpoint("mail.example.com", 587, Security.STARTTLS);

    private static FailureText text(MailFailure failure) {
        return FailureText.of(failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria",
                "535 5.7.3 Authentication unsuccessful [AM0PR02.example.com]",
                "535 \"quoted\" and \"again\"",
                "535 {\"error\":{\"code\":\"x\",\"message\":\"no\"}}",
                "535 {\"error\": {\"code\": \"x\", \"message\": \"no; see (this)\"}}",
                "535 he said \"she\": no",
                "535 refused with reason, and another; try",
                "NO [UNAVAILABLE] try later.",
                "x"
            })
    void endsTheServersWordsWhereTheFixBegins(String said) {
        FailureText text = text(MailFailures.login(SERVER, "jenkins@example.com", said, ""));
        assertEquals(List.of(said), text.details());
        assertTrue(
                text.summary()
                        .matches("\\w+: mail\\.example\\.com:587 refused the login for jenkins@example\\.com: .+"),
                text.summary());
        FailureText reading = text(MailFailures.reading(MailFailure.Layer.FOLDER, "it did not open", said, false));
        assertEquals(List.of(said), reading.details());
        assertTrue(reading.summary().matches("\\w+: it did not open: .+"), reading.summary());
    }

    @Test
    void separatesTheReplyAndTheChallengeOfALogin() {
        String challenge = "{\"status\":\"400\",\"schemes\":\"bearer\",\"scope\":\"https://example.com/\"}";
        FailureText text = text(MailFailures.login(SERVER, "jenkins@example.com", "535 no", challenge));
        assertEquals(List.of("535 no", challenge), text.details());
        assertFalse(text.summary().contains("\""), text.summary());
    }

    @Test
    void keepsTheQuotationMarksOfTheFix() {
        String said = "535 5.7.139 SmtpClientAuthentication is disabled for the Tenant.";
        FailureText text = text(MailFailures.login(SERVER, "jenkins@example.com", said, ""));
        assertEquals(List.of(said), text.details());
        assertTrue(text.summary().contains("enable it with \"Set-CASMailbox <mailbox>"), text.summary());
        said = "550 5.7.57 Client not authenticated to send mail.";
        text = text(MailFailures.login(SERVER, "jenkins@example.com", said, ""));
        assertEquals(List.of(said), text.details());
        assertTrue(text.summary().endsWith("$false\"."), text.summary());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "The sign-in has expired (AADSTS70008), saying \"AADSTS70008: it has expired.\": re-authorize the mail account."
                        + "|The sign-in has expired (AADSTS70008): re-authorize the mail account.|AADSTS70008: it has expired.",
                "token: a.b:25 refused the login for x with \"535 \"no\"\", and no other access token could be requested: The"
                        + " sign-in has expired (AADSTS70008), saying \"gone\": re-authorize the mail account."
                        + "|token: a.b:25 refused the login for x, and no other access token could be requested: The"
                        + " sign-in has expired (AADSTS70008): re-authorize the mail account.|535 \"no\"/gone",
                "permission: X refused the message; it said \"403 Forbidden no\" (request ID 1-2): try again later."
                        + "|permission: X refused the message: try again later.|403 Forbidden no (request ID 1-2)",
                "send: X answered \"503 busy\" (request ID 7) after the message was submitted, so it may have been delivered."
                        + "|send: X answered after the message was submitted, so it may have been delivered."
                        + "|503 busy (request ID 7)",
                "send: X sent no clear reply, \"250\", after the whole message was submitted, so it may have been delivered."
                        + "|send: X sent no clear reply after the whole message was submitted, so it may have been delivered."
                        + "|250",
                "connect: X did not send a proper greeting but \"SSH-2.0\": check host, port and TLS."
                        + "|connect: X did not send a proper greeting: check host, port and TLS.|SSH-2.0",
                "tls: X refused STARTTLS with \"502 what?\", so nothing was sent; choose TLS."
                        + "|tls: X refused STARTTLS, so nothing was sent; choose TLS.|502 what?",
                "login: X does not offer XOAUTH2 logins (it offers \"PLAIN LOGIN\"), so the token was not sent; use another."
                        + "|login: X does not offer XOAUTH2 logins, so the token was not sent; use another.|PLAIN LOGIN",
                "folder: X ended the connection with \"* BYE\" while messages were being copied to the folder \"A\"."
                        + "|folder: X ended the connection while messages were being copied to the folder \"A\".|* BYE",
                "send: X refused every recipient: a@b (550 5.1.1 (unknown) user), c@d (550 no); it said \"550 no\": correct it."
                        + "|send: X refused every recipient: a@b, c@d: correct it."
                        + "|550 no/550 5.1.1 (unknown) user/550 no",
                "No token (trace id 1, correlation id 2)|No token|trace id 1, correlation id 2",
            })
    void leavesAWholeSentence(String sentence, String summary, String details) {
        FailureText text = FailureText.of(sentence);
        assertEquals(summary, text.summary());
        assertEquals(List.of(details.split("/")), text.details());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "folder: the mailbox at X has no folder \"with \"this\" name\"; did you mean \"INBOX\"?",
                "The keystore contains no certificate: create it with \"keytool -importcert\".",
                "connect: X cannot be reached (Connection refused); check the host and port.",
                "The application belongs to a single tenant: enter the tenant's ID instead of \"common\".",
                "send: X refused the message; it said nothing: try again later.",
                "an opening \" only; it said \"this"
            })
    void keepsWhatNoServerSaid(String sentence) {
        assertEquals(new FailureText(sentence, List.of()), FailureText.of(sentence));
    }

    @Test
    void shortensTheServersWordsAndNotTheFix() {
        String fix = text(MailFailures.login(SERVER, "jenkins@example.com", "535 no", ""))
                .summary();
        String sentence = MailFailures.login(SERVER, "jenkins@example.com", "535 " + "é:\uD83D\uDE00".repeat(90), "")
                .getMessage();
        for (int max = fix.length() + 20; max < sentence.length(); max++) {
            String shorter = FailureText.shortened(sentence, max);
            assertTrue(shorter.length() <= max, shorter);
            assertEquals(fix, FailureText.of(shorter).summary());
            assertTrue(FailureText.of(shorter).details().get(0).matches("(?s)535 (é:\uD83D\uDE00)*é?:?…"), shorter);
        }
        assertEquals(sentence, FailureText.shortened(sentence, sentence.length()));
        assertEquals("no quotation", FailureText.shortened("no quotation", 3));
    }

    @Test
    void hasNothingToSayAboutNothing() {
        assertNull(FailureText.ofNullable(null));
    }
}
