package io.jenkins.plugins.oauthmail.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobPatternsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "**            | deploy              | true",
                "**            | team-a/deploy       | true",
                "deploy        | deploy              | true",
                "deploy        | Deploy              | false",
                "deploy        | team-a/deploy       | false",
                "team-a/*      | team-a/deploy       | true",
                "team-a/*      | team-a/web/deploy   | false",
                "team-a/**     | team-a/web/deploy   | true",
                "team-a/**     | team-ab/deploy      | false",
                "*/deploy      | team-b/deploy       | true",
                "x, team-b/**  | team-b/deploy       | true",
                "x, team-b/**  | team-c/deploy       | false",
                "team a/**     | team a/nightly mail | true",
            })
    void matchesFullNames(String patterns, String job, boolean expected) {
        assertEquals(expected, JobPatterns.of(patterns).matches(job));
    }

    @Test
    void everyLineIsAPattern() {
        JobPatterns patterns = JobPatterns.of("team-a/**\r\n\r\n  nightly \n");
        assertTrue(patterns.matches("team-a/x"));
        assertTrue(patterns.matches("nightly"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "\n,\n", "-"})
    void blankPatternMatchesNoJob(String text) {
        assertTrue(JobPatterns.of(text).isEmpty());
        assertEquals(false, JobPatterns.of(text).matches("deploy"));
    }

    @Test
    void missingPatternMatchesNoJob() {
        assertTrue(JobPatterns.of(null).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/team-a/**", "team-a/", "team-a//x", "team-a\\x", "good, /bad"})
    void reportsPatternsThatCannotMatch(String text) {
        String problem = JobPatterns.problem(text);
        assertNotNull(problem);
        assertTrue(problem.contains("team-a/**"), problem);
    }

    @Test
    void acceptsUsualPatterns() {
        assertNull(JobPatterns.problem("team-a/**, nightly, */deploy"));
        assertNull(JobPatterns.problem(null));
    }
}
