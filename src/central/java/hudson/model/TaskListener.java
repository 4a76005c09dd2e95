package hudson.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;

/** The build log. */
public interface TaskListener extends Serializable {
    TaskListener NULL = () -> new PrintStream(OutputStream.nullOutputStream());

    @NonNull
    PrintStream getLogger();

    @NonNull
    default PrintWriter error(String msg) {
        PrintWriter writer = new PrintWriter(getLogger(), true, StandardCharsets.UTF_8);
        writer.println("ERROR: " + msg);
        return writer;
    }

    @NonNull
    default PrintWriter error(String format, Object... args) {
        return error(String.format(format, args));
    }
}
