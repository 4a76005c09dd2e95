package io.jenkins.plugins.oauthmail.mail.connect;

import jakarta.mail.Session;

/**
 * Lends the current thread the class loader of the mail classes. Jakarta Mail and Activation look their providers and
 * content handlers up there, and in a build's thread they would find another plugin's or none ("no object DCH").
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
