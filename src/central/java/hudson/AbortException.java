package hudson;

import java.io.IOException;

/** Fails a build with one sentence and no stack trace. */
public class AbortException extends IOException {
    private static final long serialVersionUID = 1;

    public AbortException() {}

    public AbortException(String message) {
        super(message);
    }
}
