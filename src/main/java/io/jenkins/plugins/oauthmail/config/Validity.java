package io.jenkins.plugins.oauthmail.config;

import hudson.util.FormValidation;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/** How long a certificate that is valid now will stay so. Key material that is not valid now is refused elsewhere. */
final class Validity {
    private Validity() {}

    /** The last day, in UTC, and the days until then; a warning if they are few. */
    static FormValidation of(X509Certificate certificate, Clock clock) {
        Instant end = certificate.getNotAfter().toInstant();
        Duration left = Duration.between(clock.instant(), end);
        String last = end.atOffset(ZoneOffset.UTC).toLocalDate().toString();
        return left.compareTo(ClientAuthentication.WARNING_TIME) < 0
                ? FormValidation.warning(Messages.Validity_short(last, left.toDays()))
                : FormValidation.ok(Messages.Validity_long(last, left.toDays()));
    }
}
