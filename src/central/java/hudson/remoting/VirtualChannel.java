package hudson.remoting;

import java.io.IOException;

/** The way to an agent; tests play one. */
public interface VirtualChannel {
    <V, T extends Throwable> V call(Callable<V, T> callable) throws IOException, T, InterruptedException;

    void syncLocalIO() throws InterruptedException;
}
