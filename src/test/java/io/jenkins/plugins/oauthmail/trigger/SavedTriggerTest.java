package io.jenkins.plugins.oauthmail.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.util.XStream2;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a job's config.xml says of the trigger, by whatever version of the plugin it was written. */
class SavedTriggerTest {
    private static final String ELEMENT = OAuthMailTrigger.class.getName();

    @Test
    void readsConditionsOfEarlierVersions() throws Exception {
        OAuthMailTrigger trigger = read("""
                  <spec>* * * * *</spec>
                  <account>build-mail</account>
                  <folder>Deployments</folder>
                  <from>anna@contoso.test, @ops.contoso.test</from>
                  <to>team@contoso.test, deploy@contoso.test</to>
                  <subject>deploy</subject>
                  <repliesTo>&lt;1@contoso.test&gt; 2@contoso.test</repliesTo>
                  <text>please</text>
                  <unseen>true</unseen>
                  <hasAttachment>true</hasAttachment>
                  <requireAuthenticated>true</requireAuthenticated>
                  <automatic>true</automatic>
                """);
        assertConditions(trigger);
        String saved = new XStream2().toXML(trigger);
        assertEquals(saved.indexOf("<subject>"), saved.lastIndexOf("<subject>"), saved);
        assertConditions((OAuthMailTrigger) new XStream2().fromXML(saved));
    }

    @Test
    void readsMissingConditionsOfEarlierVersions() throws Exception {
        OAuthMailTrigger trigger = read("""
                  <spec>* * * * *</spec>
                  <account>build-mail</account>
                  <from>anna@contoso.test</from>
                  <unseen>false</unseen>
                  <hasAttachment>false</hasAttachment>
                  <requireAuthenticated>false</requireAuthenticated>
                  <automatic>false</automatic>
                """);
        assertEquals("anna@contoso.test", trigger.getFrom());
        assertEquals(MailQuery.INBOX, trigger.getFolder());
        assertNull(trigger.getTo());
        assertNull(trigger.getSubject());
        assertNull(trigger.getRepliesTo());
        assertNull(trigger.getText());
        assertFalse(trigger.isUnseen());
        assertFalse(trigger.isAutomatic());
        assertEquals(List.of("anna@contoso.test"), trigger.query(10).from());
    }

    /** Without a time table Jenkins would never run it. */
    @Test
    void triggerWithoutScheduleChecksEveryMinute() throws Exception {
        for (String spec : List.of("", "<spec></spec>", "<spec>@yearly</spec>", "<spec>* * * * *</spec>")) {
            OAuthMailTrigger trigger = read(spec
                    + "<account>build-mail</account><automatic>true</automatic><filter><subject>s</subject></filter>");
            assertTrue(new XStream2().toXML(trigger).contains("<spec>* * * * *</spec>"), spec);
            assertEquals("build-mail", trigger.getAccount());
            assertEquals("s", trigger.getSubject());
            assertTrue(trigger.isAutomatic());
        }
        assertEquals("", read("<filter/>").getAccount());
    }

    private static void assertConditions(OAuthMailTrigger trigger) throws Exception {
        assertEquals("build-mail", trigger.getAccount());
        assertEquals("anna@contoso.test, @ops.contoso.test", trigger.getFrom());
        assertEquals("team@contoso.test, deploy@contoso.test", trigger.getTo());
        assertEquals("<1@contoso.test> 2@contoso.test", trigger.getRepliesTo());
        assertTrue(trigger.isAutomatic());
        assertEquals(
                MailQuery.in("Deployments")
                        .from(List.of("anna@contoso.test", "@ops.contoso.test"))
                        .to(List.of("team@contoso.test", "deploy@contoso.test"))
                        .subject("deploy")
                        .repliesTo(List.of("<1@contoso.test>", "<2@contoso.test>"))
                        .text("please")
                        .unseen(true)
                        .hasAttachment(true)
                        .authenticated(true)
                        .limit(10)
                        .build(),
                trigger.query(10));
    }

    private static OAuthMailTrigger read(String fields) {
        return (OAuthMailTrigger) new XStream2().fromXML("<" + ELEMENT + ">" + fields + "</" + ELEMENT + ">");
    }
}
