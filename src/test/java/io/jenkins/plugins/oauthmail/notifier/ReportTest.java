package io.jenkins.plugins.oauthmail.notifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Result;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

/** The default mail in both forms. */
class ReportTest {
    private static final String EVIL = "\"><script>alert('x')</script>&<!--";

    private static BuildReport report(Result result, String text, int many) {
        return new BuildReport(
                text,
                text,
                result,
                false,
                text,
                List.of(text),
                IntStream.range(0, many)
                        .mapToObj(i -> new BuildReport.Change(text, i == 0 ? null : text, text))
                        .toList(),
                new TestReport.Counts(
                        many, 100, IntStream.range(0, many).mapToObj(i -> text).toList()),
                many == 0 ? List.of() : List.of("  at " + OneLine.of(text)),
                "http://jenkins.test/" + text + "/");
    }

    @Test
    void escapesEverything() throws Exception {
        String html = HtmlReport.of(report(Result.FAILURE, EVIL, 3));
        assertFalse(html.contains("<script"), html);
        assertFalse(html.contains("<!--"), html);
        // Well-formed but for the elements without an end: nothing broke out of an attribute or an element.
        String xml = html.replace("<!DOCTYPE html>", "")
                .replaceAll("<(meta|br)[^>]*>", "")
                .replace("&nbsp;", " ")
                .replace("&middot;", "-");
        assertNotNull(DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(xml))));
    }

    /** Word's engine, which shows mail in Outlook, knows no more, and other programs block more. */
    @Test
    void usesOnlyWhatOutlookSupports() {
        String html = HtmlReport.of(report(Result.FAILURE, "x", 3));
        Set<String> elements = new TreeSet<>();
        for (Matcher m = Pattern.compile("<([a-z]+)").matcher(html); m.find(); ) {
            elements.add(m.group(1));
        }
        assertEquals(
                Set.of(
                        "html", "head", "meta", "title", "style", "body", "table", "tr", "td", "p", "ul", "li",
                        "strong", "span", "a", "br"),
                elements);
        for (Matcher m = Pattern.compile("style=\"([^\"]*)\"").matcher(html); m.find(); ) {
            assertTrue(
                    m.group(1)
                            .matches(
                                    "((margin|padding|color|font-family|font-size|font-weight|vertical-align|max-width|word-break):[^:;]+;?)+"),
                    m.group(1));
        }
    }

    @Test
    void showsTheResultAsAWord() {
        for (Result result : List.of(Result.SUCCESS, Result.UNSTABLE, Result.FAILURE, Result.ABORTED)) {
            String html = HtmlReport.of(report(result, "x", 0));
            assertTrue(html.contains("<strong>" + result + "</strong>"), html);
        }
        Set<String> colours = List.of(Result.SUCCESS, Result.UNSTABLE, Result.FAILURE, Result.ABORTED).stream()
                .map(result -> HtmlReport.of(report(result, "x", 0)).replaceFirst("(?s).*bgcolor=\"(.{7}).*", "$1"))
                .collect(Collectors.toSet());
        assertEquals(4, colours.size(), colours.toString());
    }

    @Test
    void truncatesAndCountsLongLists() {
        BuildReport report = report(Result.FAILURE, "x", 33);
        String html = HtmlReport.of(report);
        assertEquals(2 * 31, html.split("<li>", -1).length - 1);
        assertEquals(2, html.split("\\.\\.\\. and 3 more", -1).length - 1);
        String text = TextReport.of(report);
        assertEquals(2 * 30, text.split("\n- ", -1).length - 1);
        assertEquals(2, text.split("\\.\\.\\. and 3 more\n", -1).length - 1);
    }

    /** As Microsoft Graph accepts no message of more than 2.9 MB in one piece. */
    @Test
    void isShortWhateverTheNames() {
        String name = "\u20ac".repeat(100_000);
        BuildReport report = new BuildReport(
                name,
                name,
                Result.FAILURE,
                false,
                name,
                Collections.nCopies(1000, name),
                Collections.nCopies(1000, new BuildReport.Change(name, name, name)),
                null,
                List.of(),
                "http://jenkins.test/job/x/1/");
        assertEquals(BuildReport.LISTED, report.causes().size());
        assertEquals(2 * 300 + ": FAILURE".length() + 1, report.title().length());
        int bytes = TextReport.of(report).getBytes(StandardCharsets.UTF_8).length
                + HtmlReport.of(report).getBytes(StandardCharsets.UTF_8).length;
        assertTrue(bytes < 500_000, bytes + " bytes");
    }

    @Test
    void omitsMissingParts() {
        BuildReport report = new BuildReport(
                "job", "#1", Result.SUCCESS, true, "1 sec", List.of(), List.of(), null, List.of(), null);
        assertEquals(
                "Job:       job\nBuild:     #1\nResult:    SUCCESS (fixed)\nDuration:  1 sec\n", TextReport.of(report));
        assertFalse(HtmlReport.of(report).contains("<a "), "a link without a URL");
        assertEquals("job #1: SUCCESS (fixed)", report.title());
    }

    /** Pipelines give builds names of several lines, as out of a commit message. */
    @Test
    void titleIsOneLine() {
        assertEquals("a b a b: FAILURE", report(Result.FAILURE, "a\n\tb", 0).title());
    }

    /** Strangers name commits, their authors, branches and tests. */
    @Test
    void valuesCannotStartNewLines() {
        long lines = TextReport.of(report(Result.FAILURE, "x", 2)).lines().count();
        for (String evil :
                List.of("a\nb", "a\r\nb", "a\u0085b", "a\u2028b", "a\u2029b", "a\fb", "a\u009bb", "a\u202eb")) {
            String text = TextReport.of(report(Result.FAILURE, evil, 2)).replace("http://jenkins.test/" + evil, "");
            assertEquals(lines, text.split("\\R", -1).length - 1, text);
            assertTrue(text.chars().noneMatch(c -> c != '\n' && Character.isISOControl(c) || c == 0x202e), text);
        }
    }

    /** Nothing but the style sheet, which some programs ignore, has the colors for a dark background. */
    @Test
    void everyTextHasAColorForADarkBackground() {
        String html = HtmlReport.of(report(Result.FAILURE, "x", 3));
        assertTrue(html.contains("prefers-color-scheme: dark"), html);
        for (Matcher m = Pattern.compile("<\\w+ ([^>]*[^-]color:[^>]*)>").matcher(html); m.find(); ) {
            assertTrue(m.group(1).contains("class=\"om-") || m.group(1).contains("color:#ffffff"), m.group(1));
        }
    }
}
