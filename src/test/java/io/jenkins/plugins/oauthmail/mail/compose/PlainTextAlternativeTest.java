package io.jenkins.plugins.oauthmail.mail.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The text that stands in for HTML. */
class PlainTextAlternativeTest {

    @Test
    void resemblesTheRenderedPage() {
        String html = """
                <html><head><title>no</title><style>p { color: red }</style></head><body>
                <h1>Build 7   failed</h1>
                <p>On <b>main</b>,
                  see <a href="https://ci.example/7?a=1&amp;b=2">the log</a> or
                  <a href="https://ci.example/">https://ci.example/</a>.<br>Bye&nbsp;&hellip;</p>
                <ul><li>one</li><li>two <i>and</i> a half</li></ul>
                <ol><li>first</li><li>second</li></ol>
                <table><tr><th>Test</th><th>Time</th></tr><tr><td>a</td><td>1&thinsp;s</td></tr></table>
                <pre>if (x) {
                    y
                }</pre>
                <script>alert(1)</script><img src="x.png" alt="Chart">
                </body></html>
                """;
        assertEquals("""
                Build 7 failed

                On main, see the log <https://ci.example/7?a=1&b=2> or https://ci.example/.
                Bye \u2026

                - one
                - two and a half

                1. first
                2. second

                Test | Time
                a | 1\u2009s

                if (x) {
                    y
                }

                Chart""", PlainTextAlternative.of(html));
    }

    @Test
    void acceptsInvalidHtml() {
        assertEquals("a < b & c", PlainTextAlternative.of("a < b & c"));
        assertEquals("", PlainTextAlternative.of(""));
        assertEquals("x", PlainTextAlternative.of("<div>".repeat(2000) + "x"));
        assertFalse(PlainTextAlternative.of("<p>1<p>2<ul><li>3").contains("<"));
    }

    @Test
    void readsManyBlanksInLinearTime() {
        String html = "<pre>" + " ".repeat(500_000) + "x</pre>";
        assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertEquals("x", PlainTextAlternative.of(html).strip()));
    }
}
