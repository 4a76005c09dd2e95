package io.jenkins.plugins.oauthmail.trigger;

import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.ANN;
import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.from;
import static io.jenkins.plugins.oauthmail.trigger.TriggerRig.queue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import groovy.json.JsonSlurper;
import hudson.EnvVars;
import io.jenkins.inmemory.InMemoryRun;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a build gets of the mail that started it. */
@Timeout(60)
class ArrivedMailTest {
    private TriggerRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new TriggerRig();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void providesTheMessageAsVariablesAndFile() throws Exception {
        rig.watch(from(ANN));
        rig.mail("Ann <" + ANN + ">", "Deploy  [1,\r\n 2]", "Message-ID: <one@contoso.test>");
        Await.until(() -> queue().size() == 1);
        InMemoryRun build = rig.begin(queue().get(0));
        EnvVars variables = TriggerRig.variables(build);
        assertEquals(JenkinsRig.ACCOUNT, variables.get("OAUTH_MAIL_ACCOUNT"));
        assertEquals("INBOX", variables.get("OAUTH_MAIL_FOLDER"));
        assertEquals(ANN, variables.get("OAUTH_MAIL_FROM"));
        assertEquals("Ann", variables.get("OAUTH_MAIL_FROM_NAME"));
        assertEquals(JenkinsRig.ADDRESS, variables.get("OAUTH_MAIL_TO"));
        assertEquals("<one@contoso.test>", variables.get("OAUTH_MAIL_MESSAGE_ID"));
        assertEquals("The body.", variables.get("OAUTH_MAIL_TEXT"));
        assertEquals("false", variables.get("OAUTH_MAIL_AUTHENTICATED"));
        Map<?, ?> file = (Map<?, ?>) new JsonSlurper().parse(MailFile.of(build));
        assertEquals(variables.get("OAUTH_MAIL_SUBJECT"), file.get("subject"));
        assertEquals(variables.get("OAUTH_MAIL_ID"), file.get("id"));
        assertEquals("The body.", file.get("text"));
        assertEquals(List.of(), rig.journal().pending());
    }

    /** Freestyle builds fill in what stands in variables, and so does each launch of a process. */
    @Test
    void doesNotExpandVariables() throws Exception {
        assertEquals(
                "pay $5 to $ {SECRET}, $ SECRET and $ $ SECRET", shown("pay $5 to ${SECRET}, $SECRET and $$SECRET"));
        assertEquals("$ SECRET", shown("=?UTF-8?Q?$=00SECRET?="));
        assertEquals("$ {SECRET}", shown("=?UTF-8?Q?$=E2=80=AE{SECRET}?="));
        rig.mail(ANN, "by Outlook", "Message-ID: <000a01c3$1a2b3c4d$c8d3d6a0$0100a8c0@contoso.test>");
        Await.until(() -> queue().size() == 4);
        assertEquals(
                "<000a01c3$1a2b3c4d$c8d3d6a0$0100a8c0@contoso.test>",
                TriggerRig.variables(rig.begin(queue().get(3))).get("OAUTH_MAIL_MESSAGE_ID"));
    }

    @Test
    void variablesAreOneLine() throws Exception {
        assertEquals("a b c d", shown("=?UTF-8?Q?a=C2=85b=E2=80=A8c=E2=80=A9d?="));
        assertEquals("a b", shown("=?UTF-8?Q?a=C2=9Bb=E2=80=AE?="));
    }

    /** Jenkins cannot write them; the mail would hold up all that come after it. */
    @Test
    void replacesCharactersThatXmlCannotContain() throws Exception {
        assertEquals("a\uFFFDb\uFFFDc \uD83D\uDE00", shown("=?UTF-8?B?Ye+/v2Lvv75jIPCfmIA=?="));
    }

    private String shown(String subject) throws Exception {
        if (rig.trigger() == null) {
            rig.watch(from(ANN));
        }
        int before = queue().size();
        rig.mail(ANN, subject);
        Await.until(() -> queue().size() == before + 1);
        return queue().get(before).getAction(ArrivedMail.class).getSubject();
    }
}
