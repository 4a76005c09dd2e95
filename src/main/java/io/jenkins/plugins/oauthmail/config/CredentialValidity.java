package io.jenkins.plugins.oauthmail.config;

import hudson.util.FormValidation;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * Form messages about when a client secret or certificate expires. Certificates that are not valid now are rejected
 * elsewhere.
 */
final class CredentialValidity {
    private CredentialValidity() {}

    /** Reports the days left until the client secret's expiry date; a warning if few, an error if none. */
    static FormValidation ofSecret(LocalDate end, Clock clock) {
        long left = ChronoUnit.DAYS.between(LocalDate.now(clock), end);
        if (left < 0) {
            return FormValidation.error(Messages.ClientSecret_expired());
        }
        return left < ClientAuthentication.WARNING_TIME.toDays()
                ? FormValidation.warning(Messages.ClientSecret_short(left))
                : FormValidation.ok(Messages.ClientSecret_daysLeft(left));
    }

    /** Reports the certificate's expiry date in UTC and the days left; a warning if few. */
    static FormValidation of(X509Certificate certificate, Clock clock) {
        Instant end = certificate.getNotAfter().toInstant();
        Duration left = Duration.between(clock.instant(), end);
        String last = end.atOffset(ZoneOffset.UTC).toLocalDate().toString();
        return left.compareTo(ClientAuthentication.WARNING_TIME) < 0
                ? FormValidation.warning(Messages.CredentialValidity_short(last, left.toDays()))
                : FormValidation.ok(Messages.CredentialValidity_long(last, left.toDays()));
    }
}
