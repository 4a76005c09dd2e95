package hudson.console;

import java.io.IOException;
import java.io.OutputStream;

/** Passes a log on without the notes that only the web page shows; the logs here have none. */
public class PlainTextConsoleOutputStream extends OutputStream {
    private final OutputStream out;

    public PlainTextConsoleOutputStream(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        out.write(b);
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
