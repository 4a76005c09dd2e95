package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.console.PlainTextConsoleOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Copies logs without the annotations that are only for the web page. */
@Restricted(NoExternalUse.class)
public final class PlainLog {
    /**
     * Bytes after which a line is passed on although it has not ended. Jenkins holds a line until then, and builds
     * print whole files in one line. An annotation at this very place would remain.
     */
    static final int MAX_LINE = 1 << 20;

    private PlainLog() {}

    /**
     * Copies a log to its end in constant memory, however long its lines are.
     *
     * @param target is closed, even if copying fails
     */
    public static void copy(@NonNull InputStream log, @NonNull OutputStream target) throws IOException {
        try (PlainTextConsoleOutputStream plain = new PlainTextConsoleOutputStream(target)) {
            byte[] buffer = new byte[8192];
            int line = 0;
            for (int count = log.read(buffer); count >= 0; count = log.read(buffer)) {
                plain.write(buffer, 0, count);
                line = afterLastLine(buffer, count, line);
                if (line >= MAX_LINE) {
                    plain.forceEol();
                    line = 0;
                }
            }
        }
    }

    private static int afterLastLine(byte[] buffer, int count, int before) {
        for (int i = count - 1; i >= 0; i--) {
            if (buffer[i] == '\n') {
                return count - 1 - i;
            }
        }
        return before + count;
    }
}
