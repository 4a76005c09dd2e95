package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;
import java.util.function.Function;

/** A {@link BuildReport} as plain text. */
final class TextReport {
    private final StringBuilder text = new StringBuilder();

    private TextReport() {}

    @NonNull
    static String of(@NonNull BuildReport report) {
        TextReport page = new TextReport();
        TestReport.Counts tests = report.tests();
        String url = report.url();
        page.row(Messages.BuildReport_job(), report.job());
        page.row(Messages.BuildReport_build(), report.build());
        page.row(Messages.BuildReport_result(), report.status());
        page.row(Messages.BuildReport_duration(), report.duration());
        report.causes().forEach(cause -> page.row(Messages.BuildReport_cause(), cause));
        if (tests != null) {
            page.row(Messages.BuildReport_tests(), counted(tests));
        }
        page.list(Messages.BuildReport_changes(), report.changes(), TextReport::line);
        if (tests != null) {
            page.list(Messages.BuildReport_failedTests(), tests.names(), name -> name);
        }
        if (!report.log().isEmpty()) {
            page.text.append('\n').append(Messages.BuildReport_lastLines()).append('\n');
            report.log().forEach(line -> page.text.append("| ").append(line).append('\n'));
        }
        if (url != null) {
            page.text.append('\n');
            page.row(Messages.BuildReport_open(), url);
            page.row(Messages.BuildReport_log(), url + "console");
        }
        return page.text.toString();
    }

    @NonNull
    static String counted(@NonNull TestReport.Counts tests) {
        return Messages.BuildReport_failedOf(tests.failed(), tests.total());
    }

    private static String line(BuildReport.Change change) {
        return change.author() + ": " + change.message() + (change.id() == null ? "" : " (" + change.id() + ")");
    }

    private void row(String name, String value) {
        text.append(String.format("%-10s %s", name + ":", value)).append('\n');
    }

    private <T> void list(String title, List<T> items, Function<T, String> line) {
        if (items.isEmpty()) {
            return;
        }
        text.append('\n').append(title).append('\n');
        items.stream()
                .limit(BuildReport.LISTED)
                .forEach(item -> text.append("- ").append(line.apply(item)).append('\n'));
        if (items.size() > BuildReport.LISTED) {
            text.append(Messages.BuildReport_more(items.size() - BuildReport.LISTED))
                    .append('\n');
        }
    }
}
