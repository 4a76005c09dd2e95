package io.jenkins.plugins.oauthmail.jobs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.util.XStream2;
import org.junit.jupiter.api.Test;

class SentIdsTest {
    @Test
    void idsThatAnEarlierVersionSavedWithABuildAreKept() {
        Object read = new XStream2().fromXML("""
                <io.jenkins.plugins.oauthmail.jobs.SentIds>
                  <pairs>
                    <io.jenkins.plugins.oauthmail.jobs.SentIds_-Pair>
                      <kept>&lt;a@contoso.test&gt;</kept>
                      <requested>&lt;b@contoso.test&gt;</requested>
                    </io.jenkins.plugins.oauthmail.jobs.SentIds_-Pair>
                  </pairs>
                </io.jenkins.plugins.oauthmail.jobs.SentIds>
                """);
        String now = new XStream2().toXML(read);
        assertTrue(read instanceof SentMessageIds, now);
        assertTrue(now.contains("a@contoso.test") && now.contains("b@contoso.test"), now);
    }
}
