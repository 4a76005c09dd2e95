package io.jenkins.plugins.oauthmail.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is known of failures after a restart. */
class StoredFailureTest {
    /** A sentence that quotes a server may be cut in the middle of a character, which XML cannot hold. */
    @ParameterizedTest
    @ValueSource(strings = {"\uD83D", "\uDE00", "\uFFFE"})
    void storesAnySentence(String bad) {
        assertEquals(
                "a\uFFFD…",
                AccountFailure.after(null, "a" + bad + "…", true, Instant.EPOCH).getSentence());
    }

    /** Otherwise each restart would make three days of failures one failure of three days ago. */
    @Test
    void keepsHowLongAnAccountHasFailed() throws Exception {
        try (JenkinsRig rig = JenkinsRig.defined()) {
            MailFailure noRoute = new MailFailure(MailFailure.Layer.CONNECT, "No route.");
            Instant begin = Instant.parse("2026-11-23T02:00:00Z");
            Instant end = begin.plus(AccountFailure.PATIENCE);
            for (Instant time : List.of(begin, end)) {
                new AccountActivity(Clock.fixed(time, ZoneOffset.UTC))
                        .failed(JenkinsRig.ACCOUNT, MailUse.SEND, noRoute);
            }
            AccountFailure known = new AccountActivity()
                    .trouble(JenkinsRig.ACCOUNT, MailUse.SEND)
                    .orElseThrow();
            assertEquals(end, known.getLast());
            assertTrue(known.needsAttention());
        }
    }
}
