package hudson;

import hudson.model.Saveable;
import java.io.Closeable;
import java.io.IOException;

/** Has several changes by this thread saved once, by {@link #commit()}. */
public class BulkChange implements Closeable {
    private static final ThreadLocal<BulkChange> INSCOPE = new ThreadLocal<>();

    private final Saveable saveable;
    private final BulkChange parent;
    private boolean completed;

    public BulkChange(Saveable saveable) {
        this.parent = INSCOPE.get();
        this.saveable = saveable;
        INSCOPE.set(this);
    }

    public void commit() throws IOException {
        if (!completed) {
            close();
            saveable.save();
        }
    }

    @Override
    public void close() {
        if (!completed) {
            completed = true;
            INSCOPE.set(parent);
        }
    }

    public static boolean contains(Saveable s) {
        for (BulkChange change = INSCOPE.get(); change != null; change = change.parent) {
            if (change.saveable == s) {
                return true;
            }
        }
        return false;
    }
}
