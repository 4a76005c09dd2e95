package io.jenkins.plugins.oauthmail.testing.mail;

import java.io.IOException;

/** The connection ends here, on purpose or because the other side left. */
final class Dropped extends IOException {

    private static final long serialVersionUID = 1L;
}
