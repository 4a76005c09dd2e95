package io.jenkins.plugins.oauthmail.mail.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers say, and the fix of the cause; the server's own words are always there. */
class KnownReplyTest {
    private static final Endpoint SMTP = new Endpoint("smtp.example.com", 587, Security.STARTTLS);

    private static MailFailure refused(String reply) {
        return MailFailures.refused(
                "the server refused it", new SmtpReply(Integer.parseInt(reply.substring(0, 3)), reply));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            550 5.2.2 Submission quota exceeded                                               | daily number of recipients
            554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException          | daily number of recipients
            554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException         | a mailbox is full
            452 4.2.2 Over quota                                                              | a mailbox is full
            552 5.3.4 Header size exceeds fixed maximum size                                  | the header of the message is too large
            552 5.3.4 Message size exceeds fixed maximum message size                         | smaller attachments
            452 4.5.3 Too many recipients                                                     | fewer recipients
            550 5.5.3 RESOLVER.ADR.RecipLimit; too many recipients                            | fewer recipients
            550 5.1.8 Access denied, bad outbound sender. AS(42004)                           | Restricted entities
            550 5.7.501 Service unavailable. Access denied, spam abuse detected               | Microsoft has banned the sender
            550 5.7.502 Access denied, banned sender                                          | Microsoft has banned the sender
            550 5.7.503 Access denied, banned sender                                          | Microsoft has banned the sender
            550 5.7.511 Access denied, banned sender                                          | Microsoft has banned the sender
            550 5.7.705 Access denied, tenant has exceeded threshold                          | mail from this tenant
            550 5.7.708 Access denied, traffic not accepted from this IP                      | mail from this tenant
            550 5.7.750 Client blocked from sending from unregistered domains                 | add and verify
            550 5.7.232 Your message can't be sent because your trial tenant has exceeded     | daily number of external recipients
            550 5.7.233 Your message can't be sent because your tenant exceeded               | daily number of external recipients
            550 5.7.236 Your organization has exceeded the limit for onmicrosoft.com          | an address in the organization's own domain
            550 5.7.68 TenantInboundAttribution; Direct Send not allowed for this organization | smtp.office365.com with port 587
            554 5.2.252 SendAsDenied; a@x not allowed to send as b@x                          | Send As
            530 5.7.57 Client not authenticated to send mail.                                 | not allowed to submit messages by SMTP
            432 4.3.2 Concurrent connections limit exceeded.                                  | more than three connections
            550 5.1.8 Sender address rejected: Domain not found                               | correct what the server objects to
            550 5.1.1 no such user                                                            | correct what the server objects to
            554 5.7.999 something new                                                         | correct what the server objects to
            451 4.7.500 Server busy                                                           | try again later
            """)
    void explainsKnownReplies(String reply, String fix) {
        MailFailure failure = refused(reply);
        assertTrue(failure.getMessage().contains("\"" + reply + "\": "), failure.getMessage());
        assertTrue(failure.getMessage().contains(fix), failure.getMessage());
        assertEquals(reply.startsWith("4"), failure.temporary());
    }

    /** A guess would send people to look at what is in order. */
    @ParameterizedTest
    @ValueSource(strings = {"550 5.7.999 something new", "554 5.7.0 Policy 17", "503 5.5.1 Bad sequence of commands"})
    void doesNotExplainUnknownRefusals(String reply) {
        MailFailure failure = MailFailures.login(SMTP, "jenkins@example.com", reply, "");
        assertTrue(failure.getMessage().endsWith(" with \"" + reply + "\": correct what the server objects to."));
        assertTrue(failure.tokenRefused());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"535 5.7.3 Authentication unsuccessful", "535 no", "NO AUTHENTICATE failed.", "NO LOGIN failed"})
    void blamesTheTokenIfALoginIsRefusedWithoutReason(String reply) {
        String message =
                MailFailures.login(SMTP, "jenkins@example.com", reply, "").getMessage();
        assertTrue(message.contains("the server did not accept the token for this mailbox"), message);
    }

    @Test
    void doesNotBlameTheServerForADeferredConnection() {
        String message = ConnectFailure.greeted(SMTP, new SmtpReply(451, "451 4.7.0 Temporary server error. PRX4"))
                .getMessage();
        assertTrue(message.endsWith(
                " deferred the connection with \"451 4.7.0 Temporary server error. PRX4\": try again later."));
        assertFalse(message.contains("did not greet"), message);
    }
}
