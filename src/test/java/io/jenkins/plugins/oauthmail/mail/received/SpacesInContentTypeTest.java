package io.jenkins.plugins.oauthmail.mail.received;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A value without quotation marks ends where the next parameter begins, which may be far away. */
class SpacesInContentTypeTest {
    @Test
    void readsThemInLinearTime() {
        String value = "text/plain; a=b" + " ".repeat(1_000_000) + "x";
        assertTimeoutPreemptively(Duration.ofMinutes(1), () -> ContentField.type(value));
    }

    @Test
    void findsTheNextParameter() {
        ContentField field = ContentField.type("text/plain; a=b c   charset  = utf-8");
        assertEquals("utf-8", field.parameter("charset"));
        assertEquals("b c", field.parameter("a"));
    }
}
