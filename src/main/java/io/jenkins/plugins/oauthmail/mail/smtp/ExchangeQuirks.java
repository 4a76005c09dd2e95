package io.jenkins.plugins.oauthmail.mail.smtp;

import io.jenkins.plugins.oauthmail.mail.connect.SmtpReply;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;

/** How Exchange, online or on premises, differs from what it announces. */
final class ExchangeQuirks {

    private static final String GREETING = "microsoft esmtp mail service";

    private ExchangeQuirks() {}

    /**
     * Whether the server is Exchange. This cannot be known for certain, because administrators can change the greeting,
     * and Exchange may be behind a relay.
     */
    static boolean isExchange(Endpoint endpoint, SmtpReply greeting) {
        String host = CaseFolding.asciiLower(endpoint.host());
        return CaseFolding.asciiLower(greeting.text()).contains(GREETING)
                || host.matches(".*\\.(office365\\.com|office365\\.us|outlook\\.com|outlook\\.cn)\\.?");
    }
}
