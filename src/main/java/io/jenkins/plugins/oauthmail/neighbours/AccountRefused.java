package io.jenkins.plugins.oauthmail.neighbours;

/**
 * The other plugin gets no token. Plugins write its message to the build log, some of them with the stack trace, which
 * would say nothing.
 */
final class AccountRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    AccountRefused(String message) {
        super(message, null, false, false);
    }

    @Override
    public String toString() {
        return getMessage();
    }
}
