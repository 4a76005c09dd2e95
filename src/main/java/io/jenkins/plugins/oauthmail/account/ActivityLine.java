package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.oauthmail.config.MailUse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/** An {@link ActivityEntry} as a line with tabs between its fields. Later versions may add fields at the end. */
final class ActivityLine {
    private static final int FIELDS = 12;

    private ActivityLine() {}

    /** With the line break. */
    @NonNull
    static String of(@NonNull ActivityEntry entry) {
        StringBuilder line = new StringBuilder(120);
        line.append(entry.time().toEpochMilli());
        add(line, entry.use().name());
        add(line, entry.source().name());
        add(line, entry.job());
        add(line, Integer.toString(entry.build()));
        add(line, Integer.toString(entry.count()));
        add(line, Long.toString(entry.bytes()));
        add(line, Long.toString(entry.delay().toMillis()));
        add(line, entry.outcome().name());
        add(line, entry.sentence());
        add(line, entry.subject());
        add(line, entry.addresses());
        // Tells a whole line from one that was cut off in the middle of its last field.
        return line.append("\t.\n").toString();
    }

    private static void add(StringBuilder line, @CheckForNull String text) {
        line.append('\t');
        for (char c : Util.fixNull(text).toCharArray()) {
            switch (c) {
                case '\\' -> line.append("\\\\");
                case '\t' -> line.append("\\t");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                default -> line.append(c);
            }
        }
    }

    /**
     * @param line without the line break
     * @return null if it is not whole, or of a kind that this version does not know
     */
    @CheckForNull
    static ActivityEntry parse(@NonNull String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length <= FIELDS || !fields[fields.length - 1].equals(".")) {
            return null;
        }
        try {
            return new ActivityEntry(
                    Instant.ofEpochMilli(Long.parseLong(fields[0])),
                    MailUse.valueOf(fields[1]),
                    ActivitySource.valueOf(fields[2]),
                    text(fields[3]),
                    Integer.parseInt(fields[4]),
                    Integer.parseInt(fields[5]),
                    Long.parseLong(fields[6]),
                    Duration.ofMillis(Long.parseLong(fields[7])),
                    ActivityEntry.Outcome.valueOf(fields[8]),
                    text(fields[9]),
                    text(fields[10]),
                    text(fields[11]));
        } catch (IllegalArgumentException | DateTimeException e) {
            return null;
        }
    }

    @CheckForNull
    private static String text(String field) {
        if (field.indexOf('\\') < 0) {
            return Util.fixEmpty(field);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\' && i + 1 < field.length()) {
                c = switch (field.charAt(++i)) {
                    case 't' -> '\t';
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    default -> field.charAt(i);
                };
            }
            text.append(c);
        }
        return text.toString();
    }
}
