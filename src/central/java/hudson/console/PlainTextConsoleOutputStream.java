package hudson.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Passes a log on without the notes that only the web page shows; the logs here have none. */
public class PlainTextConsoleOutputStream extends OutputStream {
    private final OutputStream out;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    public PlainTextConsoleOutputStream(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        line.write(b);
        if (b == '\n') {
            forceEol();
        }
    }

    /** Passes on what there is of a line. */
    public void forceEol() throws IOException {
        line.writeTo(out);
        line.reset();
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        forceEol();
        out.close();
    }
}
