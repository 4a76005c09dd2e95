package io.jenkins.plugins.oauthmail.mail.replytext;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A head without an end hides nothing, and is not searched for its end again and again. */
class HeadsWithoutEndTest {
    @Test
    void readsThemInLinearTime() {
        String html = "<head>".repeat(1_000_000) + "text";
        assertTimeoutPreemptively(
                Duration.ofMinutes(1), () -> assertEquals("text", HtmlToText.of(html, ReadDeadline.ENDLESS)));
    }
}
