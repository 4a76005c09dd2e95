package io.jenkins.plugins.oauthmail.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.util.FormValidation;
import io.jenkins.inmemory.InMemoryJenkins;
import io.jenkins.inmemory.InMemoryJob;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the form says about job patterns. */
class JobPreviewTest {
    @TempDir
    private Path home;

    private InMemoryJenkins jenkins;

    @BeforeEach
    void open() {
        jenkins = InMemoryJenkins.start(home, "http://localhost:8080/");
        for (String name : new String[] {"team-b/deploy", "team-a/deploy", "team-a/web/build"}) {
            jenkins.items().add(new InMemoryJob(name));
        }
    }

    @AfterEach
    void close() throws Exception {
        jenkins.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "team-a/**   | 2 jobs match at the moment: team-a/deploy, team-a/web/build",
                "*/deploy    | 2 jobs match at the moment: team-a/deploy, team-b/deploy",
                "team-b/*    | One job matches at the moment: team-b/deploy",
                "Team-a/**   | No existing job matches.",
                "-           | No jobs.",
            })
    void listsJobs(String patterns, String sentence) {
        FormValidation said = JobPreview.of(patterns);
        assertEquals(FormValidation.Kind.OK, said.kind);
        assertEquals(sentence, said.getMessage());
    }

    @Test
    void reportsProblemsAsErrors() {
        assertEquals(FormValidation.Kind.ERROR, JobPreview.of("/team-a").kind);
    }

    @Test
    void listsTwentyOfMany() {
        for (int i = 10; i < 40; i++) {
            jenkins.items().add(new InMemoryJob("many/job-" + i));
        }
        String said = JobPreview.of("many/*").getMessage();
        assertTrue(said.startsWith("30 jobs match at the moment, including many/job-10, "), said);
        assertTrue(said.endsWith("many/job-29") && !said.contains("job-30"), said);
        assertFalse(said.contains("team-a"), said);
    }
}
