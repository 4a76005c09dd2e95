package io.jenkins.plugins.oauthmail.steps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.AbortException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SinceTest {
    @Test
    void aDateBeginsAtMidnightHere() throws Exception {
        assertEquals(
                LocalDate.of(2026, 3, 1).atStartOfDay(ZoneId.systemDefault()).toInstant(), Since.parse("2026-03-01"));
    }

    @Test
    void aTimeHasItsOffset() throws Exception {
        assertEquals(Instant.parse("2026-03-01T07:30:00Z"), Since.parse("2026-03-01T09:30:00+02:00"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yesterday",
                "2026-13-01",
                "2026-03-01T09:30:00",
                "01.03.2026",
                "-999999999-01-01",
                "+999999999-12-31",
                "0001-01-01"
            })
    void anythingElseIsRefusedByName(String text) {
        AbortException refusal = assertThrows(AbortException.class, () -> Since.parse(text));
        assertTrue(refusal.getMessage().startsWith("since: '" + text + "'"), refusal.getMessage());
    }
}
