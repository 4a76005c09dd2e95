package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.oauthmail.jobs.PlainLog;
import io.jenkins.plugins.oauthmail.mail.model.FileFailure;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last lines of a build log, without those that only say what the pipeline does next or that mail was sent. */
final class LogTail {
    private static final int LINES = 20;

    private LogTail() {}

    /**
     * The log so far, in constant memory. Each line is one line, whatever is in it.
     *
     * @throws UncheckedIOException if it cannot be read
     */
    @NonNull
    static List<String> of(@NonNull Run<?, ?> build) {
        Lines lines = new Lines();
        try (InputStream log = build.getLogInputStream()) {
            PlainLog.copy(log, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(FileFailure.reason(e), e);
        }
        lines.end();
        return List.copyOf(lines.last);
    }

    private static final class Lines extends OutputStream {
        private final Deque<String> last = new ArrayDeque<>();
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        @Override
        public void write(int value) {
            if (value == '\n') {
                end();
            } else if (line.size() < 4 * BuildReport.MAX_LINE) {
                line.write(value);
            }
        }

        void end() {
            String text = OneLine.lines(line.toString(StandardCharsets.UTF_8)).replaceAll("[\\n\\t]", "  ");
            line.reset();
            if (text.isBlank() || text.startsWith("[Pipeline]") || text.startsWith("OAuth Mail:")) {
                return;
            }
            last.addLast(OneLine.shortened(text.stripTrailing(), BuildReport.MAX_LINE));
            if (last.size() > LINES) {
                last.removeFirst();
            }
        }
    }
}
