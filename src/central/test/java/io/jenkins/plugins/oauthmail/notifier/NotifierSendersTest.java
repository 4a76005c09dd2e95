package io.jenkins.plugins.oauthmail.notifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.inmemory.Binder;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.inmemory.InMemoryRun;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import jakarta.mail.Address;
import jakarta.mail.Message;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who a notification comes from, who gets a copy, and where replies go. */
@Timeout(60)
class NotifierSendersTest {
    private static final String LEAD = "lead@contoso.test";
    private static final String ARCHIVE = "archive@contoso.test";
    private static final String RELEASES = "releases@contoso.test";

    private NotifierRig rig;
    private InMemoryRun build;

    @BeforeEach
    void open() throws Exception {
        rig = new NotifierRig();
        rig.jenkins.mail().mailbox(LEAD);
        rig.jenkins.mail().mailbox(ARCHIVE);
        MailAccount account =
                OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
        account.setOtherSenders(RELEASES);
        OAuthMailConfiguration.get().setAccounts(List.of(account));
        build = new InMemoryJob("team/app").build().with("REPLIES", "help@contoso.test");
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private static List<String> texts(Address[] addresses) {
        return addresses == null
                ? List.of()
                : Arrays.stream(addresses).map(Object::toString).toList();
    }

    @Test
    void copiesAndRepliesGoWhereTheJobSays() throws Exception {
        rig.notifier.setTo(JenkinsRig.ADDRESS);
        rig.notifier.setCc(LEAD + "; " + LEAD.toUpperCase());
        rig.notifier.setBcc(ARCHIVE);
        rig.notifier.setReplyTo("${REPLIES}");
        rig.notifier.setFrom("Releases <" + RELEASES + ">");
        rig.run(build);
        Message mail = rig.mail();
        assertEquals(List.of(LEAD), texts(mail.getRecipients(Message.RecipientType.CC)));
        assertEquals(List.of(), texts(mail.getRecipients(Message.RecipientType.BCC)));
        assertEquals(List.of("help@contoso.test"), texts(mail.getReplyTo()));
        assertEquals(List.of("Releases <" + RELEASES + ">"), texts(mail.getFrom()));
        assertEquals(1, rig.mails(LEAD));
        assertEquals(1, rig.mails(ARCHIVE));
    }

    @Test
    void acceptsCopiesWithoutRecipients() throws Exception {
        rig.notifier.setTo(null);
        rig.notifier.setBcc(JenkinsRig.ADDRESS);
        rig.run(build);
        assertEquals(1, rig.mails());
    }

    @Test
    void omitsAndReportsInvalidValues() throws Exception {
        rig.notifier.setTo(JenkinsRig.ADDRESS);
        rig.notifier.setCc(LEAD + ", nonsense");
        rig.notifier.setBcc("${NOBODY}");
        rig.notifier.setReplyTo("also nonsense");
        rig.notifier.setFrom("ceo@contoso.test");
        String log = rig.run(build);
        Message mail = rig.mail();
        assertEquals(List.of(JenkinsRig.ADDRESS), texts(mail.getFrom()));
        assertNull(mail.getHeader("Reply-To"));
        assertEquals(List.of(LEAD), texts(mail.getRecipients(Message.RecipientType.CC)));
        for (String why : List.of("'nonsense'", "${NOBODY}", "Reply-To", "ceo@contoso.test")) {
            assertTrue(log.contains(why), why + " in " + log);
        }
    }

    @Test
    void stepAcceptsThem() {
        OAuthMailNotifyStep step = (OAuthMailNotifyStep) Binder.bind(
                OAuthMailNotifyStep.class,
                Map.of("account", "a", "cc", "b@c.test", "bcc", "d@e.test", "from", "f@g.test", "replyTo", "h@i.test"));
        assertEquals("b@c.test", step.getCc());
        assertEquals("d@e.test", step.getBcc());
        assertEquals("f@g.test", step.getFrom());
        assertEquals("h@i.test", step.getReplyTo());
    }
}
