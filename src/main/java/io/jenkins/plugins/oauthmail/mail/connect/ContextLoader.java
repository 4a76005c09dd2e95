package io.jenkins.plugins.oauthmail.mail.connect;

import jakarta.mail.Session;

/**
 * Sets the current thread's context class loader to that of the mail classes until closed. Jakarta Mail and Activation
 * look up their providers and content handlers there; in the thread of a build they would find those of another plugin
 * or none ("no object DCH").
 */
public final class ContextLoader implements AutoCloseable {

    private final Thread thread = Thread.currentThread();
    private final ClassLoader before = thread.getContextClassLoader();

    public ContextLoader() {
        thread.setContextClassLoader(Session.class.getClassLoader());
    }

    @Override
    public void close() {
        thread.setContextClassLoader(before);
    }
}
