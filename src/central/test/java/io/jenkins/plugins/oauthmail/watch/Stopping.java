package io.jenkins.plugins.oauthmail.watch;

import hudson.model.listeners.ItemListener;
import io.jenkins.plugins.oauthmail.testing.Await;
import java.util.Arrays;

/** The controller is being stopped until this is closed, as if it had come back then. */
public final class Stopping implements AutoCloseable {
    public Stopping() {
        ItemListener.all().forEach(ItemListener::onBeforeShutdown);
    }

    /** Waits until no thread is in a class any more. */
    public void awaitEndOf(Class<?> work) throws Exception {
        Await.until(() -> Thread.getAllStackTraces().values().stream()
                .flatMap(Arrays::stream)
                .noneMatch(frame -> frame.getClassName().equals(work.getName())));
    }

    @Override
    public void close() {
        ControllerStop.forget();
    }
}
