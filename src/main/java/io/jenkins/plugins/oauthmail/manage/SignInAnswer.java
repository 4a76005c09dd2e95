package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * What the identity provider answered to a sign-in. All of it is untrusted.
 *
 * @param description the {@code error_description}
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2">RFC 6749, section 4.1.2</a>
 */
record SignInAnswer(
        @CheckForNull String state,
        @CheckForNull String code,
        @CheckForNull String error,
        @CheckForNull String description) {

    /** Whether it is one; the address of a page may have been copied incompletely. */
    boolean isComplete() {
        return state != null && (code != null || error != null);
    }

    /** Does not contain the code. */
    @Override
    public String toString() {
        return "SignInAnswer[error=" + error + "]";
    }
}
