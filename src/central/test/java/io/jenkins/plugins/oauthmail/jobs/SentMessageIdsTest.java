package io.jenkins.plugins.oauthmail.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Run;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentMessageIdsTest {
    @BeforeAll
    static void asJenkinsStarts() {
        SentMessageIds.nameInFiles();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SentIds", "SentMessageIds"})
    void readsIdsOfEarlierVersions(String name) {
        Object read = Run.XSTREAM2.fromXML("""
                <io.jenkins.plugins.oauthmail.jobs.NAME plugin="oauth-mail@999999-SNAPSHOT">
                  <pairs>
                    <io.jenkins.plugins.oauthmail.jobs.NAME_-Pair>
                      <kept>&lt;a@contoso.test&gt;</kept>
                      <requested>&lt;b@contoso.test&gt;</requested>
                    </io.jenkins.plugins.oauthmail.jobs.NAME_-Pair>
                  </pairs>
                </io.jenkins.plugins.oauthmail.jobs.NAME>
                """.replace("NAME", name));
        String now = Run.XSTREAM2.toXML(assertInstanceOf(SentMessageIds.class, read));
        assertTrue(now.contains("<oauthMail.sentMessageIds>"), now);
        assertTrue(now.contains("a@contoso.test") && now.contains("b@contoso.test"), now);
        assertFalse(now.contains("io.jenkins"), now);
        assertEquals(now, Run.XSTREAM2.toXML(Run.XSTREAM2.fromXML(now)));
    }
}
