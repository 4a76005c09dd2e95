package io.jenkins.plugins.oauthmail.demo;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The command of the README. */
@Timeout(300)
class DemoTest {
    @Test
    void allOfItWorks() {
        assertDoesNotThrow(() -> Demo.main(new String[0]));
    }
}
