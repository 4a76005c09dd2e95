package io.jenkins.plugins.oauthmail.mail.smtp;

import io.jenkins.plugins.oauthmail.mail.connect.SmtpReply;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;

/** Where Exchange, in the cloud or on one's own machines, cannot be taken at its word. */
final class ExchangeQuirks {

    private static final String GREETING = "microsoft esmtp mail service";

    private ExchangeQuirks() {}

    /**
     * Whether the server is Exchange. Administrators may change its greeting, and a relay under another name may pass it
     * on.
     */
    static boolean isExchange(Endpoint endpoint, SmtpReply greeting) {
        String host = CaseFolding.asciiLower(endpoint.host());
        return CaseFolding.asciiLower(greeting.text()).contains(GREETING)
                || host.matches(".*\\.(office365\\.com|office365\\.us|outlook\\.com|outlook\\.cn)\\.?");
    }
}
