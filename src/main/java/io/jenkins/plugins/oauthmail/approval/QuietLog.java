package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.TaskListener;
import io.jenkins.plugins.oauthmail.jobs.ReferenceSecrets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A build log in which no secret of a reference appears, whoever writes the line. */
final class QuietLog implements TaskListener {
    private static final long serialVersionUID = 1;

    private final transient PrintStream lines;

    QuietLog(@NonNull TaskListener log) {
        lines = new PrintStream(new Lines(log.getLogger()), true, StandardCharsets.UTF_8);
    }

    @NonNull
    @Override
    public PrintStream getLogger() {
        return lines;
    }

    private static final class Lines extends OutputStream {
        private final PrintStream log;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        Lines(PrintStream log) {
            this.log = log;
        }

        @Override
        public synchronized void write(int octet) {
            if (octet != '\n') {
                line.write(octet);
                return;
            }
            String text = line.toString(StandardCharsets.UTF_8);
            line.reset();
            log.println(ReferenceSecrets.hide(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text));
        }

        @Override
        public void close() throws IOException {
            log.flush();
        }
    }
}
