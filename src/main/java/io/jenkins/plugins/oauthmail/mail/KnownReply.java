package io.jenkins.plugins.oauthmail.mail;

import io.jenkins.plugins.oauthmail.mail.MailFailure.Layer;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Replies of Microsoft 365 (and of servers like it) that mean more than they say, with the cure. Texts and cures: the
 * Exchange pages on authenticated client submission and on IMAP and SMTP with OAuth.
 */
enum KnownReply {
    SMTP_AUTH_DISABLED(
            "SmtpClientAuthentication is disabled",
            Layer.PERMISSION,
            "SMTP sign-in is switched off; an Exchange administrator can allow it with \"Set-CASMailbox <mailbox>"
                    + " -SmtpClientAuthenticationDisabled $false\" or for the whole tenant"),
    BLOCKED_BY_POLICY(
            "security defaults policy|did not meet the criteria",
            Layer.PERMISSION,
            "security defaults or a conditional access policy block it; exempt the mailbox and tick Authenticated SMTP"
                    + " among its mail apps"),
    SMTP_AUTH_REFUSED(
            "\\b5\\.7\\.139\\b",
            Layer.PERMISSION,
            "a policy of the tenant or mailbox forbids it; check Authenticated SMTP among the mail apps of the mailbox"
                    + " and the conditional access policies"),
    BASIC_RETIRED(
            "\\b5\\.7\\.30\\b",
            Layer.LOGIN,
            "the server took this for a login with password, which it no longer accepts; check that the server is the"
                    + " one for client submission, smtp.office365.com"),
    NOT_AUTHENTICATED(
            "\\b5\\.7\\.57\\b|Client not authenticated",
            Layer.PERMISSION,
            "the mailbox may not submit mail by SMTP; an Exchange administrator can allow it with \"Set-CASMailbox"
                    + " <mailbox> -SmtpClientAuthenticationDisabled $false\""),
    SEND_AS_DENIED(
            "SendAsDenied|\\b5\\.7\\.60\\b|not have permissions to send as",
            Layer.PERMISSION,
            "the sender differs from the mailbox; send from the mailbox's own address, or give it Send As on the other"
                    + " one, which can take two hours to work"),
    TOO_MANY_CONNECTIONS(
            "Concurrent connections limit exceeded|sender thread limit",
            Layer.SEND,
            "the mailbox is used on more than three connections at once; try again when the others have finished"),
    DAILY_QUOTA(
            "SubmissionQuotaExceeded",
            Layer.SEND,
            "the mailbox has reached its number of recipients for one day; try again tomorrow or send to fewer"),
    MAILBOX_FULL(
            "\\b5\\.2\\.2\\b|mailbox (is )?full",
            Layer.SEND,
            "a mailbox is full; if it is the sender's, empty its Sent Items, where each mail is kept"),
    TOO_LARGE(
            "\\b5\\.3\\.4\\b|exceeds? (the )?(fixed )?(maximum )?(message )?size|message (is )?too large",
            Layer.MESSAGE,
            "send fewer or smaller attachments, or a link to them"),
    NOT_CONNECTED(
            "authenticated but not connected",
            Layer.PERMISSION,
            "the token is good, but not for this mailbox; check that the account's address and sign-in name are right,"
                    + " that the person or application has full access to the mailbox, that IMAP is on for it and that"
                    + " it has a license"),
    TOKEN_EXPIRED(
            "AccessTokenExpired|Session invalidated",
            Layer.TOKEN,
            "the access token ran out during the session; run it again, it will get a new one"),
    TOKEN_REFUSED(
            "\\b5\\.7\\.[38]\\b|AUTHENTICATE failed|AUTHENTICATIONFAILED|\"status\"\\s*:\\s*\"?40[01]",
            Layer.LOGIN,
            "the server did not take the token for this mailbox; check that the sign-in was for this address (a shared"
                    + " mailbox needs permission), that the application has the IMAP and SMTP permissions of Exchange"
                    + " and, for application access, that New-ServicePrincipal was given the object id of the"
                    + " enterprise application; then authorize the account again");

    private final Pattern pattern;
    private final Layer layer;
    private final String cure;

    KnownReply(String pattern, Layer layer, String cure) {
        this.pattern = Pattern.compile(pattern, Pattern.CASE_INSENSITIVE);
        this.layer = layer;
        this.cure = cure;
    }

    /** The first entry that fits what the server said. */
    static Optional<KnownReply> in(String said) {
        for (KnownReply known : values()) {
            if (known.pattern.matcher(said).find()) {
                return Optional.of(known);
            }
        }
        return Optional.empty();
    }

    Layer layer() {
        return layer;
    }

    String cure() {
        return cure;
    }
}
