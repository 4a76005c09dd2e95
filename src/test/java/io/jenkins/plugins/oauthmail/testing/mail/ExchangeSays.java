package io.jenkins.plugins.oauthmail.testing.mail;

import java.util.List;

/** What Exchange Online answers, word for word, as {@link Script} takes it. */
public final class ExchangeSays {

    /** Throttled, with the time after which it wants to be asked again. */
    public static final String THROTTLED = "BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds";

    public static final String THROTTLED_NO = "NO Request is throttled. Suggested Backoff Time: 299961 milliseconds";

    /** The mailbox cannot be reached for a while; it also comes without a tag ({@link Script#bare}). */
    public static final String UNAVAILABLE = "NO Server Unavailable. 15";

    /** The token has expired during the session. */
    public static final String EXPIRED = "BAD Session invalidated - AccessTokenExpired";

    public static final String EXPIRED_BYE = "* BYE Session invalidated - AccessTokenExpired";

    /** A login that is worth nothing: no right, no licence, IMAP off, or an outage. */
    public static final String NOT_CONNECTED = "BAD User is authenticated but not connected.";

    /** Faulty commands. */
    public static final String ARGUMENT_ERROR_11 = "BAD Command Argument Error. 11";

    public static final String ARGUMENT_ERROR_12 = "BAD Command Argument Error. 12";

    public static final String COMMAND_ERROR = "BAD Command Error. 10";

    public static final String INVALID_STATE = "BAD Command received in Invalid state.";

    /** Other clients took mails away. */
    public static final String NO_LONGER_EXIST = "NO Some of the requested messages no longer exist.";

    public static final String MOVED_IN_PART = "NO MOVE failed or partially completed.";

    public static final String NO_SUCH_FOLDER = "NO [TRYCREATE] The requested folder could not be found.";

    /** For any search that names another charset. */
    public static final String US_ASCII_ONLY = "NO [BADCHARSET (US-ASCII)] The specified charset is not supported.";

    /** All that comes of a mail that it cannot convert. */
    public static final String NOTHING_FETCHED = "OK FETCH completed.";

    /** Before and after the login of an application or a person whose mailbox must not submit. */
    public static final String SMTP_DISABLED =
            "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit"
                    + " https://aka.ms/smtp_auth_disabled for more information."
                    + " [AM0PR01CA0001.eurprd01.prod.exchangelabs.com 2026-11-28T12:00:00.000Z 08DE2E7B2C5F1A3B]";

    public static final String NOT_AUTHENTICATED =
            "530 5.7.57 Client not authenticated to send mail. [AM0PR01CA0001.eurprd01.prod.exchangelabs.com]";

    /** After the content. */
    public static final String TOO_MANY_CONNECTIONS =
            "432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending for more"
                    + " information. [Hostname=AM0PR01MB0001.eurprd01.prod.exchangelabs.com]";

    public static final String SEND_AS_DENIED =
            "554 5.2.252 SendAsDenied; build@example.com not allowed to send as other@example.com;"
                    + " STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed to process"
                    + " message due to a permanent exception [Hostname=AM0PR01MB0001.eurprd01.prod.exchangelabs.com]";

    /** Limits. */
    public static final String QUOTA = "550 5.2.2 Submission quota exceeded";

    public static final String TOO_LARGE = "552 5.3.4 Message size exceeds fixed maximum message size";
    public static final String HEADER_TOO_LARGE = "552 5.3.4 Header size exceeds fixed maximum size";
    public static final String TOO_MANY_RECIPIENTS = "452 4.5.3 Too many recipients";

    /** To the next command on a connection that was idle for too long. */
    public static final String IDLE_TOO_LONG =
            "451 4.7.0 Timeout waiting for client input" + " [AM0PR01CA0001.eurprd01.prod.exchangelabs.com]";

    /** What passes by itself. */
    public static final List<String> LATER = List.of(
            "421 4.4.2 Connection dropped due to SocketError",
            "451 4.7.0 Temporary server error. Please try again later. PRX4"
                    + " [AM0PR01CA0001.eurprd01.prod.exchangelabs.com]",
            "451 4.7.500 Server busy. Please try again later from [192.0.2.1]. (S77714)");

    /** What an administrator must look after. */
    public static final List<String> BLOCKED = List.of(
            "550 5.1.8 Access denied, bad outbound sender AS(42003)",
            "550 5.7.501 Service unavailable. Access denied, spam abuse detected from IP range",
            "550 5.7.502 Access denied, banned sender",
            "550 5.7.503 Access denied, banned sender",
            "550 5.7.511 Access denied, banned sender [192.0.2.1]",
            "550 5.7.705 Service unavailable. Access denied, tenant has exceeded threshold",
            "550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP",
            "550 5.7.232 Your message can't be sent because your trial tenant has exceeded its daily limit",
            "550 5.7.233 Your message can't be sent because your tenant exceeded its daily limit",
            "550 5.7.236 Your message can't be sent because your onmicrosoft.com domain has exceeded its limit",
            "550 5.7.68 TenantInboundAttribution; Direct Send not allowed for this organization from unauthorized sources");

    private ExchangeSays() {}
}
