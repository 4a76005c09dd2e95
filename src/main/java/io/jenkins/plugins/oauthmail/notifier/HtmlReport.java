package io.jenkins.plugins.oauthmail.notifier;

import static io.jenkins.plugins.oauthmail.jobs.HtmlEscape.escape;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Result;
import io.jenkins.plugins.oauthmail.jobs.HtmlEscape;
import java.util.List;
import java.util.function.Function;

/**
 * A {@link BuildReport} as HTML that also works in Outlook, which renders with Word's engine, in Gmail, which ignores the
 * style sheet, and on phones: tables, attributes and inline styles, without images or scripts. The style sheet only adds
 * dark colors. The result is given as a word, so that nothing depends on its color.
 */
final class HtmlReport {
    private static final String FONT = "font-family:Segoe UI,Arial,sans-serif;font-size:14px;color:#1f2328";

    private final StringBuilder html = new StringBuilder();

    private HtmlReport() {}

    @NonNull
    static String of(@NonNull BuildReport report) {
        HtmlReport page = new HtmlReport();
        TestReport.Counts tests = report.tests();
        page.begin(report);
        page.row(Messages.BuildReport_job(), escape(report.job()));
        page.row(Messages.BuildReport_build(), escape(report.build()));
        page.row(Messages.BuildReport_result(), "<strong>" + escape(report.status()) + "</strong>");
        page.row(Messages.BuildReport_duration(), escape(report.duration()));
        report.causes().forEach(cause -> page.row(Messages.BuildReport_cause(), escape(cause)));
        if (tests != null) {
            page.row(Messages.BuildReport_tests(), escape(TextReport.counted(tests)));
        }
        page.html.append("</table>\n");
        page.list(Messages.BuildReport_changes(), report.changes(), HtmlReport::line);
        if (tests != null) {
            page.list(Messages.BuildReport_failedTests(), tests.names(), HtmlEscape::escape);
        }
        page.log(report.log());
        page.links(report);
        return page.html
                .append("</td></tr>\n</table>\n</td></tr>\n</table>\n</body>\n</html>\n")
                .toString();
    }

    private void begin(BuildReport report) {
        html.append("<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"UTF-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width\">\n")
                .append("<meta name=\"color-scheme\" content=\"light dark\">\n")
                .append("<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>")
                .append(escape(report.title()))
                .append("</title>\n<style>\n@media (prefers-color-scheme: dark) {\n")
                .append(".om-page { background: #1e1e1e !important; }\n")
                .append(".om-text { color: #e6e6e6 !important; }\n")
                .append(".om-dim { color: #b0b0b0 !important; }\n")
                .append(".om-log { background: #2b2b2b !important; color: #e6e6e6 !important; }\n")
                .append(".om-link { color: #79b8ff !important; }\n")
                .append("}\n</style>\n</head>\n<body class=\"om-page\" style=\"margin:0;padding:0\">\n")
                .append("<table role=\"presentation\" class=\"om-page\" width=\"100%\" cellpadding=\"0\"")
                .append(" cellspacing=\"0\" border=\"0\">\n<tr><td>\n")
                .append("<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"")
                .append(" style=\"max-width:720px\">\n<tr><td bgcolor=\"")
                .append(color(report.result()))
                .append("\" style=\"padding:12px 16px;font-family:Segoe UI,Arial,sans-serif;font-size:18px;")
                .append("font-weight:bold;color:#ffffff\">")
                .append(escape(report.title()))
                .append("</td></tr>\n<tr><td class=\"om-text\" style=\"padding:16px;")
                .append(FONT)
                .append("\">\n<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\">\n");
    }

    /** Background colors with enough contrast to white text (WCAG 2, 4.5:1). */
    private static String color(Result result) {
        if (result == Result.SUCCESS) {
            return "#1a7f37";
        }
        if (result == Result.UNSTABLE) {
            return "#9a6700";
        }
        return result == Result.FAILURE ? "#b42318" : "#57606a";
    }

    private void row(String name, String value) {
        html.append("<tr><td class=\"om-dim\" style=\"padding:2px 16px 2px 0;color:#57606a;")
                .append("font-family:Segoe UI,Arial,sans-serif;font-size:14px;vertical-align:top\">")
                .append(escape(name))
                .append("</td><td class=\"om-text\" style=\"padding:2px 0;")
                .append(FONT)
                .append("\">")
                .append(value)
                .append("</td></tr>\n");
    }

    private static String line(BuildReport.Change change) {
        return "<strong>" + escape(change.author()) + "</strong>: " + escape(change.message())
                + (change.id() == null
                        ? ""
                        : " <span class=\"om-dim\" style=\"color:#57606a\">" + escape(change.id()) + "</span>");
    }

    private <T> void list(String title, List<T> items, Function<T, String> line) {
        if (items.isEmpty()) {
            return;
        }
        html.append("<p class=\"om-text\" style=\"margin:16px 0 4px 0;")
                .append(FONT)
                .append("\"><strong>");
        html.append(escape(title))
                .append("</strong></p>\n<ul class=\"om-text\" style=\"margin:0;")
                .append(FONT)
                .append("\">\n");
        items.stream()
                .limit(BuildReport.LISTED)
                .forEach(item -> html.append("<li>").append(line.apply(item)).append("</li>\n"));
        if (items.size() > BuildReport.LISTED) {
            html.append("<li>")
                    .append(escape(Messages.BuildReport_more(items.size() - BuildReport.LISTED)))
                    .append("</li>\n");
        }
        html.append("</ul>\n");
    }

    private void log(List<String> lines) {
        if (lines.isEmpty()) {
            return;
        }
        html.append("<p class=\"om-text\" style=\"margin:16px 0 4px 0;")
                .append(FONT)
                .append("\"><strong>")
                .append(escape(Messages.BuildReport_lastLines()))
                .append("</strong></p>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\"")
                .append(" cellspacing=\"0\" border=\"0\">\n<tr><td class=\"om-log\" bgcolor=\"#f6f8fa\"")
                .append(" style=\"padding:8px 12px;font-family:Consolas,Menlo,monospace;font-size:12px;color:#1f2328;")
                .append("word-break:break-word\">");
        for (String line : lines) {
            html.append(escape(line).replace("  ", "&nbsp; ")).append("<br>\n");
        }
        html.append("</td></tr>\n</table>\n");
    }

    private void links(BuildReport report) {
        String url = report.url();
        if (url == null) {
            return;
        }
        html.append("<p class=\"om-text\" style=\"margin:16px 0 0 0;")
                .append(FONT)
                .append("\">");
        link(url, Messages.BuildReport_open());
        html.append(" &middot; ");
        link(url + "console", Messages.BuildReport_log());
        if (report.tests() != null) {
            html.append(" &middot; ");
            link(url + "testReport/", Messages.BuildReport_tests());
        }
        html.append("</p>\n");
    }

    private void link(String url, String text) {
        html.append("<a class=\"om-link\" style=\"color:#0550ae\" href=\"")
                .append(escape(url))
                .append("\">")
                .append(escape(text))
                .append("</a>");
    }
}
