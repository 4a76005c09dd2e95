package io.jenkins.plugins.oauthmail.watch;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.testing.FakeTime;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When a message that cannot be read is skipped. */
class UnreadableMailsTest {
    private static final MailId MAIL = new MailId("1:1");
    private static final MailId OTHER = new MailId("1:2");

    private final FakeTime time = new FakeTime();
    private final UnreadableMails unreadable = new UnreadableMails(time);

    private void tryThreeTimes() {
        for (int tries = 0; tries < 3; tries++) {
            assertFalse(unreadable.isHopeless(MAIL));
            time.advance(Duration.ofMinutes(1));
        }
    }

    @Test
    void isHopelessAfterThreeTriesThatAreApart() {
        tryThreeTimes();
        assertFalse(unreadable.isHopeless(OTHER));
        assertTrue(unreadable.isHopeless(MAIL));
        assertTrue(unreadable.isHopeless(MAIL), "also if the check failed at another message");
    }

    @Test
    void isNotHopelessHoweverManyTriesWithinAMoment() {
        for (int tries = 0; tries < 100; tries++) {
            assertFalse(unreadable.isHopeless(MAIL));
            time.advance(Duration.ofSeconds(1));
        }
    }

    @Test
    void beginsAnewAfterItWasRead() {
        tryThreeTimes();
        unreadable.keep(Set.of(OTHER));
        assertFalse(unreadable.isHopeless(MAIL));
    }
}
