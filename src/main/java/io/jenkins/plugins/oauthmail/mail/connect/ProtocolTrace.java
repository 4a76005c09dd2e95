package io.jenkins.plugins.oauthmail.mail.connect;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;

/**
 * The logger to which Angus writes every line of a connection, logins included. Angus masks its own logins, but not
 * ours, and names the logger after the package of the transport's class, so a log recorder for the plugin would record
 * it. Therefore nothing is ever written to it.
 */
public final class ProtocolTrace {
    /** Strong references, because a logger and its filter could otherwise be garbage-collected. */
    private static final Map<String, Logger> SILENCED = new ConcurrentHashMap<>();

    private ProtocolTrace() {}

    /**
     * Silences the trace of a transport. It uses a filter, because log recorders change levels.
     *
     * @param transport the class that Angus names the logger after
     * @return the logger name to pass to Angus, which appends {@code .protocol} to it
     */
    public static String silence(Class<?> transport) {
        String name = transport.getPackageName();
        SILENCED.computeIfAbsent(name + ".protocol", Logger::getLogger).setFilter(record -> false);
        return name;
    }
}
