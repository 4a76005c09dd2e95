package io.jenkins.plugins.oauthmail.config;

import hudson.util.FormValidation;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** How long client authentication stays valid. A certificate that is not valid now is refused elsewhere. */
final class CredentialValidity {
    private CredentialValidity() {}

    /** The days until the given last day of a client secret; a warning if they are few, an error if there are none. */
    static FormValidation ofSecret(LocalDate end, Clock clock) {
        long left = ChronoUnit.DAYS.between(LocalDate.now(clock), end);
        if (left < 0) {
            return FormValidation.error(Messages.ClientSecret_expired());
        }
        return left < ClientAuthentication.WARNING_TIME.toDays()
                ? FormValidation.warning(Messages.ClientSecret_short(left))
                : FormValidation.ok(Messages.ClientSecret_daysLeft(left));
    }

    /** The last day, in UTC, and the days until then; a warning if they are few. */
    static FormValidation of(X509Certificate certificate, Clock clock) {
        Instant end = certificate.getNotAfter().toInstant();
        Duration left = Duration.between(clock.instant(), end);
        String last = end.atOffset(ZoneOffset.UTC).toLocalDate().toString();
        return left.compareTo(ClientAuthentication.WARNING_TIME) < 0
                ? FormValidation.warning(Messages.CredentialValidity_short(last, left.toDays()))
                : FormValidation.ok(Messages.CredentialValidity_long(last, left.toDays()));
    }
}
