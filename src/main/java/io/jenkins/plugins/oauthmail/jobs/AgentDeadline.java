package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jenkins.util.Timer;

/**
 * Limits how long one call to an agent may take, because the connection to a silent agent stays open for a long time. The
 * call is interrupted at the end of that time.
 */
final class AgentDeadline {
    private final Thread caller = Thread.currentThread();
    private boolean over;
    private boolean late;

    private AgentDeadline() {}

    /** The agent did not answer in time. */
    static final class Silent extends IOException {
        private static final long serialVersionUID = 1;

        Silent(Duration time, Throwable cause) {
            super(Messages.AgentDeadline_silent(Math.max(1, time.toMinutes())), cause);
        }
    }

    /** One call. */
    interface Call<T> {
        T make() throws IOException, InterruptedException;
    }

    /**
     * @throws Silent if it takes longer
     * @throws InterruptedException only if somebody else interrupted the thread
     */
    static <T> T within(@NonNull Duration time, @NonNull Call<T> call) throws IOException, InterruptedException {
        AgentDeadline deadline = new AgentDeadline();
        Future<?> due = Timer.get().schedule(deadline::interrupt, time.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return call.make();
        } catch (IOException | InterruptedException | RuntimeException e) {
            if (deadline.end()) {
                throw new Silent(time, e);
            }
            throw e;
        } finally {
            due.cancel(false);
            if (deadline.end()) {
                // The interrupt came from here.
                Thread.interrupted();
            }
        }
    }

    private synchronized void interrupt() {
        if (!over) {
            late = true;
            caller.interrupt();
        }
    }

    /** Returns whether the call was interrupted from here. */
    private synchronized boolean end() {
        over = true;
        return late;
    }
}
