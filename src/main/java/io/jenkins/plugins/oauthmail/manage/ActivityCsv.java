package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Job;
import io.jenkins.plugins.oauthmail.account.ActivityEntry;
import io.jenkins.plugins.oauthmail.account.ActivityLog;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The activity of an account as comma-separated values (RFC 4180), oldest first. What others wrote cannot become a
 * formula of a spreadsheet.
 */
final class ActivityCsv {
    /** What spreadsheets take for the beginning of a formula, also in the width of East Asian characters. */
    private static final String FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20";

    /** Other separators at which spreadsheets may split a cell, even within quotation marks. */
    private static final String SEPARATORS = ";\t\r\n";

    private ActivityCsv() {}

    /** Writes the entries as far as the user may see them. */
    static void write(@NonNull MailAccount account, @NonNull Writer out) throws IOException {
        VisibleJobs visible = new VisibleJobs();
        out.write(
                "time,account,direction,by,job,build,count,bytes,waitedSeconds,result,sentence,subject,addresses\r\n");
        try {
            ActivityLog.get().read(account.getId(), entry -> {
                try {
                    out.write(line(account, entry, visible.find(entry.job())));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static String line(MailAccount account, ActivityEntry recorded, @CheckForNull Job<?, ?> job) {
        boolean hidden = ActivityUser.isHidden(recorded.job(), job);
        ActivityEntry entry = ActivityUser.visible(recorded, job, account.getAddress());
        return Stream.of(
                                entry.time().toString(),
                                account.getId(),
                                entry.use().name().toLowerCase(Locale.ROOT),
                                entry.source().getText(),
                                hidden ? Messages.ActivityCsv_hidden() : cell(entry.job()),
                                hidden || entry.build() == 0 ? "" : Integer.toString(entry.build()),
                                Integer.toString(entry.count()),
                                Long.toString(entry.bytes()),
                                Long.toString(entry.delay().toSeconds()),
                                entry.outcome().name().toLowerCase(Locale.ROOT),
                                cell(entry.sentence()),
                                cell(entry.subject()),
                                cell(entry.addresses()))
                        .map(ActivityCsv::quoted)
                        .collect(Collectors.joining(","))
                + "\r\n";
    }

    /** Text that is shown as it is, whatever it contains. */
    private static String cell(@CheckForNull String text) {
        StringBuilder cell = new StringBuilder();
        int begin = 0;
        boolean begins = true;
        for (int c : Util.fixNull(text).codePoints().toArray()) {
            if (begins && FORMULA.indexOf(c) >= 0) {
                cell.insert(begin, '\'');
            }
            cell.appendCodePoint(c);
            if (SEPARATORS.indexOf(c) >= 0) {
                begin = cell.length();
                begins = true;
            } else {
                begins &= isInvisible(c) && FORMULA.indexOf(c) < 0;
            }
        }
        return cell.toString();
    }

    /** Spreadsheets ignore some of these in front of a formula. */
    private static boolean isInvisible(int c) {
        return c == '"'
                || Character.isWhitespace(c)
                || Character.isSpaceChar(c)
                || Character.isISOControl(c)
                || Character.getType(c) == Character.FORMAT;
    }

    private static String quoted(String cell) {
        return cell.chars().anyMatch(c -> c == ',' || c == '"' || SEPARATORS.indexOf(c) >= 0)
                ? '"' + cell.replace("\"", "\"\"") + '"'
                : cell;
    }
}
