package io.jenkins.plugins.oauthmail.account;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sentence that quotes a server may be cut in the middle of a character, which XML cannot hold. */
class StoredFailureTest {
    @ParameterizedTest
    @ValueSource(strings = {"\uD83D", "\uDE00", "\uFFFE"})
    void storesAnySentence(String bad) {
        assertEquals(
                "a\uFFFD…",
                AccountFailure.after(null, "a" + bad + "…", true, Instant.EPOCH).getSentence());
    }
}
