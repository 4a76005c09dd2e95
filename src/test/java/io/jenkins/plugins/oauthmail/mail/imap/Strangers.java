package io.jenkins.plugins.oauthmail.mail.imap;

import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import java.util.List;

/** Servers of which nothing is known: a test server may be given the port of one that another test has closed. */
public final class Strangers {
    private static final List<String> HOSTS = List.of("localhost", "127.0.0.1");

    private Strangers() {}

    /** Forgets what the server has announced that had this port before. */
    public static void forget(int port) {
        for (Security security : Security.values()) {
            HOSTS.forEach(host -> KnownCapabilities.forget(new Endpoint(host, port, security)));
        }
    }
}
