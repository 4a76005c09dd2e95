package io.jenkins.inmemory.build;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** The version of the plugin, with and without git. */
class PluginVersionTest {
    private static final String COMMIT = "1ab2c3d4e5f60718293a4b5c6d7e8f9012345678";
    private static final Instant CHANGED = Instant.parse("2026-11-29T01:02:03Z");

    private final Map<String, String> git = new HashMap<>();
    private final Properties archive = new Properties();

    private String version() {
        return PluginVersion.of(git::get, archive, CHANGED);
    }

    private void repository(String shallow, String status) {
        git.put("rev-parse HEAD", COMMIT);
        git.put("rev-list --count HEAD", "345");
        git.put("rev-parse --is-shallow-repository", shallow);
        git.put("status --porcelain --untracked-files=no", status);
        git.put("log -1 --format=%ct", "1795910400");
        archive.setProperty("commit", "$Format:%H$");
        archive.setProperty("committed", "$Format:%ct$");
        archive.setProperty("described", "$Format:%(describe:tags=true)$");
    }

    @Test
    void countsCommits() {
        repository("false", "");
        assertEquals("345.v1a_b_2c3d4e5f6", version());
    }

    @Test
    void saysThatSourcesWereChanged() {
        repository("false", "M pom.xml");
        assertEquals("345.v1a_b_2c3d4e5f6-SNAPSHOT", version());
    }

    @Test
    void goesByTheTimeIfSomeCommitsAreMissing() {
        repository("true", "");
        assertEquals("0.20261129.0000.v1a_b_2c3d4e5f6", version());
    }

    @Test
    void continuesFromTheTagOfAnArchive() {
        archive.setProperty("commit", COMMIT);
        archive.setProperty("committed", "1795910400");
        archive.setProperty("described", "340.v0123a_b_45-12-g1ab2c3d");
        assertEquals("352.v1a_b_2c3d4e5f6", version());
        archive.setProperty("described", "340.v0123a_b_45");
        assertEquals("340.v1a_b_2c3d4e5f6", version());
    }

    @Test
    void goesByTheTimeOfAnArchiveWithoutTag() {
        archive.setProperty("commit", COMMIT);
        archive.setProperty("committed", "1795910400");
        archive.setProperty("described", "");
        assertEquals("0.20261129.0000.v1a_b_2c3d4e5f6", version());
    }

    @Test
    void goesByTheTimeOfTheFilesIfNothingElseIsKnown() {
        assertEquals("0.20261129.0102", version());
    }
}
