package io.jenkins.plugins.oauthmail.mail.connect;

import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Replies, mainly of Microsoft 365, whose real cause is known, with the fix for it. Causes and fixes are from
 * Microsoft's pages on authenticated client submission, on OAuth for IMAP and SMTP, and on non-delivery reports. A code
 * that other servers use for something else is recognized by its words. The first entry that matches counts.
 */
public enum KnownReply {
    SMTP_AUTH_DISABLED("SmtpClientAuthentication is disabled", Layer.PERMISSION, Messages::KnownReply_smtpAuthDisabled),
    BLOCKED_BY_POLICY(
            "security defaults policy|did not meet the criteria",
            Layer.PERMISSION,
            Messages::KnownReply_blockedByPolicy),
    SMTP_AUTH_REFUSED("\\b5\\.7\\.139\\b", Layer.PERMISSION, Messages::KnownReply_smtpAuthRefused),
    BASIC_RETIRED("\\b5\\.7\\.30\\b", Layer.LOGIN, Messages::KnownReply_basicRetired),
    NOT_AUTHENTICATED(
            "\\b5\\.7\\.57\\b|Client not authenticated", Layer.PERMISSION, Messages::KnownReply_notAuthenticated),
    SEND_AS_DENIED(
            "SendAsDenied|\\b5\\.7\\.60\\b|not have permissions to send as",
            Layer.PERMISSION,
            Messages::KnownReply_sendAsDenied),
    TOO_MANY_CONNECTIONS(
            "Concurrent connections limit exceeded|sender thread limit",
            Layer.SEND,
            Messages::KnownReply_tooManyConnections),
    DAILY_QUOTA("Submission ?Quota ?Exceeded", Layer.SEND, Messages::KnownReply_dailyQuota),
    MAILBOX_FULL("\\b[45]\\.2\\.2\\b|mailbox (is )?full", Layer.SEND, Messages::KnownReply_mailboxFull),
    TOO_MANY_RECIPIENTS("\\b[45]\\.5\\.3\\b|too many recipients", Layer.SEND, Messages::KnownReply_tooManyRecipients),
    BLOCKED_SENDER("bad outbound sender", Layer.PERMISSION, Messages::KnownReply_blockedSender),
    BANNED_SENDER("\\b5\\.7\\.(50[123]|511)\\b", Layer.PERMISSION, Messages::KnownReply_bannedSender),
    BLOCKED_TENANT("\\b5\\.7\\.70[58]\\b", Layer.PERMISSION, Messages::KnownReply_blockedTenant),
    UNKNOWN_DOMAIN("\\b5\\.7\\.750\\b", Layer.PERMISSION, Messages::KnownReply_unknownDomain),
    TENANT_QUOTA("\\b5\\.7\\.23[23]\\b", Layer.PERMISSION, Messages::KnownReply_tenantQuota),
    INITIAL_DOMAIN("\\b5\\.7\\.236\\b", Layer.PERMISSION, Messages::KnownReply_initialDomain),
    DIRECT_SEND("\\b5\\.7\\.68\\b", Layer.PERMISSION, Messages::KnownReply_directSend),
    HEADER_TOO_LARGE(
            "headers? (size )?(exceeds?|(is |are )?too (large|long|big))",
            Layer.MESSAGE,
            Messages::KnownReply_headerTooLarge),
    TOO_LARGE(
            "\\b5\\.3\\.4\\b|exceeds? (the )?(fixed )?(maximum )?(message )?size|message (is )?too large",
            Layer.MESSAGE,
            Messages::KnownReply_tooLarge),
    NOT_CONNECTED("authenticated but not connected", Layer.PERMISSION, Messages::KnownReply_notConnected),
    TOKEN_EXPIRED("AccessTokenExpired|Session invalidated", Layer.TOKEN, Messages::KnownReply_tokenExpired),
    TOKEN_REFUSED(
            "\\b5\\.7\\.[38]\\b|AUTHENTICATE failed|AUTHENTICATIONFAILED|\"status\"\\s*:\\s*\"?40[01]",
            Layer.LOGIN,
            Messages::KnownReply_tokenRefused);

    private final Pattern pattern;
    private final Layer layer;
    private final Supplier<String> cure;

    KnownReply(String pattern, Layer layer, Supplier<String> cure) {
        this.pattern = Pattern.compile(pattern, Pattern.CASE_INSENSITIVE);
        this.layer = layer;
        this.cure = cure;
    }

    /** The first constant that matches a reply. */
    public static Optional<KnownReply> in(String said) {
        for (KnownReply known : values()) {
            if (known.pattern.matcher(said).find()) {
                return Optional.of(known);
            }
        }
        return Optional.empty();
    }

    /** Whether it is what the server said. */
    public boolean fits(String said) {
        return pattern.matcher(said).find();
    }

    Layer layer() {
        return layer;
    }

    /** Whether the reply shows, although the login succeeded, that the token is useless and only a new one may help. */
    boolean isAboutToken() {
        return this == NOT_AUTHENTICATED || this == NOT_CONNECTED || this == TOKEN_EXPIRED || this == TOKEN_REFUSED;
    }

    String cure() {
        return cure.get();
    }
}
