package io.jenkins.plugins.oauthmail.config;

/**
 * How an account comes by its tokens.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-1.3">RFC 6749, section 1.3</a>
 */
public enum Grant {
    /** A person signs in once; Jenkins acts for that person with a refresh token. */
    DELEGATED("Delegated: a person signs in"),
    /** The application acts for itself with client credentials; nobody signs in. */
    APPLICATION("Application: no person, client credentials");

    private final String displayName;

    Grant(String displayName) {
        this.displayName = displayName;
    }

    @Override
    public String toString() {
        return displayName;
    }
}
