package io.jenkins.plugins.oauthmail.steps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.AbortException;
import hudson.util.FormValidation;
import io.jenkins.plugins.oauthmail.jobs.Since;
import io.jenkins.plugins.oauthmail.testing.OpenItem;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SinceTest {
    @Test
    void dateStartsAtLocalMidnight() throws Exception {
        assertEquals(
                LocalDate.of(2026, 3, 1).atStartOfDay(ZoneId.systemDefault()).toInstant(), Since.parse("2026-03-01"));
    }

    @Test
    void timeKeepsItsOffset() throws Exception {
        assertEquals(Instant.parse("2026-03-01T07:30:00Z"), Since.parse("2026-03-01T09:30:00+02:00"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "2026-13-01", "2026-03-01T09:30:00", "01.03.2026"})
    void rejectsOtherTexts(String text) {
        AbortException refusal = assertThrows(AbortException.class, () -> Since.parse(text));
        assertTrue(refusal.getMessage().startsWith("since: '" + text + "'"), refusal.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-999999999-01-01", "-0001-01-01", "+10000-02-01", "+999999999-12-31T00:00:00Z"})
    void rejectsYearsThatImapCannotExpress(String text) {
        OAuthMailReadStep step = new OAuthMailReadStep("build-mail");
        step.setSince(text);
        AbortException refusal = assertThrows(AbortException.class, step::query);
        assertTrue(refusal.getMessage().startsWith("since must be"), refusal.getMessage());
        FormValidation form = new OAuthMailReadStep.DescriptorImpl().doCheckSince(OpenItem.item(), text);
        assertEquals(FormValidation.Kind.ERROR, form.kind);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2026-03-01", "0001-01-02T00:00:00Z", "9999-12-31T23:59:59Z"})
    void formAcceptsOtherYears(String text) {
        assertEquals(
                FormValidation.Kind.OK,
                new OAuthMailReadStep.DescriptorImpl().doCheckSince(OpenItem.item(), text).kind);
    }
}
