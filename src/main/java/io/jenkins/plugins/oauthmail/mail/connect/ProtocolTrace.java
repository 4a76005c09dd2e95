package io.jenkins.plugins.oauthmail.mail.connect;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;

/**
 * The log that Angus writes every line of a connection to, logins included. Angus hides the logins it makes itself, but
 * not ours, and names the log after the package of the transport's class, where a log recorder for the plugin would
 * find it. Nothing is ever written to it.
 */
public final class ProtocolTrace {
    /** Strong references, without which a filter could be collected together with its logger. */
    private static final Map<String, Logger> SILENCED = new ConcurrentHashMap<>();

    private ProtocolTrace() {}

    /**
     * Silences the trace of a transport. A filter does it and not a level, as log recorders set levels.
     *
     * @param transport the class that Angus names the trace after
     * @return the name to give Angus, which appends {@code .protocol} to it
     */
    public static String silence(Class<?> transport) {
        String name = transport.getPackageName();
        SILENCED.computeIfAbsent(name + ".protocol", Logger::getLogger).setFilter(record -> false);
        return name;
    }
}
