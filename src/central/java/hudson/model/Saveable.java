package hudson.model;

import java.io.IOException;

/** Something that keeps itself in a file. */
public interface Saveable {
    void save() throws IOException;
}
