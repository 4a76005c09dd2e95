package io.jenkins.plugins.oauthmail.mail.connect;

import java.util.logging.Logger;

/**
 * The log that Angus writes every line of a connection to, logins included. Angus hides the logins it makes itself, but
 * not ours, and names the log after the package of the transport's class, where a log recorder for the plugin would
 * find it. Nothing is ever written to it.
 */
public final class ProtocolTrace {

    /** Angus appends ".protocol" to the name it is given. */
    public static final String PARENT = "io.jenkins.plugins.oauthmail.mail";

    private static final Logger TRACE = Logger.getLogger(PARENT + ".protocol");

    private ProtocolTrace() {}

    /** A filter and not a level, as log recorders set levels. The strong reference above keeps it in force. */
    public static void silence() {
        TRACE.setFilter(record -> false);
    }
}
