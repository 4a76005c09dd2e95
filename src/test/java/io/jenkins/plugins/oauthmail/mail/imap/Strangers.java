package io.jenkins.plugins.oauthmail.mail.imap;

import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import java.lang.reflect.Method;
import java.util.List;

/** Servers of which nothing is known: a test server may be given the port of one that another test has closed. */
public final class Strangers {
    private static final List<String> HOSTS = List.of("localhost", "127.0.0.1");

    private Strangers() {}

    /** Forgets what the server has announced that had this port before. */
    public static void forget(int port) {
        try {
            // By reflection: in a controller, plugins have a class loader of their own, to which this is another
            // package.
            Method forget = Class.forName(
                            Strangers.class.getPackageName() + ".KnownCapabilities",
                            true,
                            Endpoint.class.getClassLoader())
                    .getDeclaredMethod("forget", Endpoint.class);
            forget.setAccessible(true);
            for (Security security : Security.values()) {
                for (String host : HOSTS) {
                    forget.invoke(null, new Endpoint(host, port, security));
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
