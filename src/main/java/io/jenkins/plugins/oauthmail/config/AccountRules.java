package io.jenkins.plugins.oauthmail.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;

/** Validates a mail account as a whole and derives its authentication rule. */
final class AccountRules {
    private static final String NOBODY = "-";
    private static final String EXCHANGE = "exchange";

    private AccountRules() {}

    /** @throws InvalidConfiguration naming the account, the field and the fix */
    static void validate(@NonNull MailAccount account) {
        String element = Messages.MailAccount_element(account.getId());
        InvalidConfiguration.refuse(element, "id", FieldRules.id(account.getId()));
        InvalidConfiguration.refuse(element, "address", FieldRules.address(account.getAddress()));
        InvalidConfiguration.refuse(element, "signsInAs", FieldRules.signInName(account.getSignsInAs()));
        InvalidConfiguration.refuse(
                element,
                "application",
                account.getApplication().isEmpty() ? Messages.MailAccount_applicationMissing() : null);
        for (String sender : account.senders()) {
            InvalidConfiguration.refuse(element, "otherSenders", FieldRules.address(sender));
        }
        InvalidConfiguration.refuse(element, "maySend", JobPatterns.problem(account.getMaySend()));
        InvalidConfiguration.refuse(element, "mayRead", JobPatterns.problem(account.getMayRead()));
        validate(element, "smtpServer", account.getSmtpServer());
        validate(element, "imapServer", account.getImapServer());
        InvalidConfiguration.refuse(element, "maximumMegabytes", FieldRules.messageSize(account.getMaximumMegabytes()));
        InvalidConfiguration.refuse(
                element, "maximumReadMegabytes", FieldRules.readSize(account.getMaximumReadMegabytes()));
        InvalidConfiguration.refuse(
                element, "maximumReadMinutes", FieldRules.readTime(account.getMaximumReadMinutes()));
        InvalidConfiguration.refuse(element, "authenticatedBy", FieldRules.authenticator(account.getAuthenticatedBy()));
    }

    private static void validate(String element, String field, @CheckForNull MailServer server) {
        if (server != null) {
            server.validate(element, field);
        }
    }

    /** By default, Exchange is trusted if mail is read from the cloud's own server, and nobody otherwise. */
    @NonNull
    static AuthenticationRule authentication(@NonNull MailAccount account) {
        String by = account.getAuthenticatedBy();
        if (by == null) {
            return account.getImapServer() == null ? AuthenticationRule.EXCHANGE : AuthenticationRule.NONE;
        }
        if (by.equals(NOBODY)) {
            return AuthenticationRule.NONE;
        }
        return by.equalsIgnoreCase(EXCHANGE) ? AuthenticationRule.EXCHANGE : AuthenticationRule.server(by);
    }
}
