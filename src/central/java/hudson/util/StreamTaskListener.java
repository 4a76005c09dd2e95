package hudson.util;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.TaskListener;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Writes a build log to a stream. */
public class StreamTaskListener implements TaskListener, Closeable {
    private static final long serialVersionUID = 1;

    private final transient PrintStream out;

    public StreamTaskListener(@NonNull PrintStream out) {
        this.out = out;
    }

    public StreamTaskListener(@NonNull OutputStream out) {
        this(out, StandardCharsets.UTF_8);
    }

    public StreamTaskListener(@NonNull OutputStream out, @CheckForNull Charset charset) {
        this(new PrintStream(out, false, charset == null ? Charset.defaultCharset() : charset));
    }

    @Override
    public PrintStream getLogger() {
        return out;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
