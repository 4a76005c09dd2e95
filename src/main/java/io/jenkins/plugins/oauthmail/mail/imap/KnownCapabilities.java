package io.jenkins.plugins.oauthmail.mail.imap;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What servers said about their capabilities before a login that succeeded, so that the next connection does not ask
 * again. Only what was said inside TLS, or on a port without TLS, is remembered: what precedes STARTTLS may come from
 * anybody. A login that fails makes it forgotten.
 */
final class KnownCapabilities {

    /** A server that is changed is asked again after this time. */
    private static final Duration VALID = Duration.ofHours(1);

    private static final Map<Endpoint, Said> SAID = new ConcurrentHashMap<>();

    private KnownCapabilities() {}

    private record Said(String capabilities, Instant until) {}

    @CheckForNull
    static String of(Endpoint endpoint, Instant now) {
        Said said = SAID.get(endpoint);
        return said == null || said.until().isBefore(now) ? null : said.capabilities();
    }

    static void remember(Endpoint endpoint, String capabilities, Instant now) {
        Said said = SAID.get(endpoint);
        if (said == null || said.until().isBefore(now) || !said.capabilities().equals(capabilities)) {
            SAID.put(endpoint, new Said(capabilities, now.plus(VALID)));
        }
    }

    static void forget(Endpoint endpoint) {
        SAID.remove(endpoint);
    }
}
