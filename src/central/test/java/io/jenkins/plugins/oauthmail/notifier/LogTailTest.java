package io.jenkins.plugins.oauthmail.notifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Result;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.inmemory.InMemoryRun;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The report about a failed build ends with what the build said last. */
@Timeout(60)
class LogTailTest {
    private NotifierRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new NotifierRig();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private static InMemoryRun build(String log) {
        return new InMemoryJob("demo/nightly").build().log(log);
    }

    @Test
    void containsTheLastLinesOfTheBuild() throws Exception {
        String log =
                IntStream.rangeClosed(1, 50).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining())
                        + "[Pipeline] }\n\n[Pipeline] // stage\nOAuth Mail: no notification was sent.\r\n\ttab\u0085\u202ex";
        List<String> lines = LogTail.of(build(log));
        assertEquals(20, lines.size());
        assertEquals("line 32", lines.get(0));
        assertEquals("  tab  x", lines.get(19));
    }

    @Test
    void linesAreShortened() throws Exception {
        List<String> lines = LogTail.of(build("x".repeat(5_000_000) + "\n" + "\uD83D\uDE00".repeat(1000)));
        assertEquals(300, lines.get(0).length());
        assertTrue(lines.get(1).codePointCount(0, lines.get(1).length()) <= 300);
    }

    @Test
    void reportsThemForFailedBuildsOnly() throws Exception {
        InMemoryRun failed = build("compiling\n[ERROR] <Foo> not found\n");
        failed.setResult(Result.FAILURE);
        rig.run(failed);
        assertTrue(rig.parts()
                .get("text/plain")
                .contains("Last lines of the log\n| compiling\n| [ERROR] <Foo> not found\n"));
        assertTrue(rig.parts().get("text/html").contains("compiling<br>\n[ERROR] &lt;Foo&gt; not found<br>"));
        InMemoryRun good = build("compiling\n");
        good.setResult(Result.SUCCESS);
        rig.run(good);
        assertFalse(rig.parts().get("text/plain").contains("compiling"));
    }
}
