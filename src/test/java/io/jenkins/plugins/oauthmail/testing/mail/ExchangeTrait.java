package io.jenkins.plugins.oauthmail.testing.mail;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.EnumSet;
import java.util.Set;

/**
 * One way in which Exchange Online differs from other mail servers, or which only it is known for. What
 * Exchange says word for word is in {@link ExchangeSays}.
 */
public enum ExchangeTrait {
    /** Greets as Microsoft Exchange, without capabilities. */
    GREETS_WITHOUT_CAPABILITIES,
    /** The newer front end, which also takes no passwords; before the login it does not announce MOVE, as in the past. */
    NEWER_FRONT_END,
    /** The capabilities before the login. */
    CAPABILITIES_BEFORE_LOGIN,
    /** Capabilities after login, if requested. */
    CAPABILITIES_AFTER_LOGIN,
    /** Some tenants since 2026: {@code IMAP4rev2} can be enabled, and a search is answered with {@code * ESEARCH}. */
    ANSWERS_WITH_ESEARCH,
    /** A refused token gets a plain NO, without the reason. */
    REFUSES_TOKENS_WITHOUT_REASON,
    /** Login succeeds, every later command fails. */
    LOGIN_WITHOUT_ACCESS,
    /** Command lines have 10,240 octets at most. */
    LIMITS_COMMAND_LINES,
    /** A connection that says nothing is closed, after a minute before the login and half an hour behind it. */
    CLOSES_SILENT_CONNECTIONS,
    /** A mailbox has a number of connections at most; see {@link Exchange#connections}. */
    LIMITS_CONNECTIONS,
    /** After ten faulty commands the connection ends. */
    CLOSES_AFTER_FAULTY_COMMANDS,
    /** Its own words for commands that it does not know, or that come too early. */
    OWN_WORDS_FOR_FAULTY_COMMANDS,
    /** {@code * 0 RECENT}, and flags without keywords. */
    NO_RECENT,
    /** No keywords: searching them is a faulty command. */
    NO_KEYWORDS,
    /** EXISTS after each EXPUNGE. */
    EXISTS_AFTER_EXPUNGE,
    /** The levels of folders are separated by a slash. */
    SLASH_BETWEEN_FOLDERS,
    /** Sizes are estimates. */
    ESTIMATES_SIZES,
    /** Mails are made anew when they come in: other boundaries, another order and folding of header fields. */
    REWRITES_MESSAGES,
    /** Searches in US-ASCII only. */
    SEARCHES_ASCII_ONLY,
    /** Six keys that are nested in OR are too many. */
    LIMITS_NESTED_OR,
    /** FROM, TO and CC look at display names only. */
    SEARCHES_DISPLAY_NAMES_ONLY,
    /** HEADER looks at the stored header of mails that came by SMTP, at all of it, as it was sent. */
    SEARCHES_STORED_HEADERS,
    /** A search for a text within bodies finds 60 mails at most, unless SINCE or UID is there. */
    LIMITS_BODY_SEARCHES,
    /** A fetch of some octets is answered with all of them; old versions. */
    RETURNS_WHOLE_PARTS,
    /** What is said when IDLE begins and ends. */
    OWN_WORDS_FOR_IDLE,
    /** New mail is told before IDLE has begun. */
    REPORTS_BEFORE_IDLE,
    /** New mail is not told while a client idles. */
    SILENT_DURING_IDLE,
    /** Greets and takes logins by SMTP as it does. */
    OWN_SMTP_GREETING_AND_LOGIN,
    /** Pieces of mails (BDAT) are not answered any more. */
    STALLS_AFTER_BDAT,
    /** What it says to the next command on a connection that was idle; see {@link Exchange#idleTooLong}. */
    CLOSES_IDLE_SMTP_CONNECTIONS,
    /** Mails are put off; see {@link Exchange#busy}. */
    DEFERS_MESSAGES,
    /** A mail has 500 recipients at most; see {@link Exchange#recipients}. */
    LIMITS_RECIPIENTS,
    /** The sender or the tenant is blocked; see {@link Exchange#blocked}. */
    BLOCKS_SENDERS,
    /** The receipt of a mail, with an id of its own. */
    ASSIGNS_MESSAGE_IDS,
    /** The extensions of SMTP. */
    OWN_SMTP_EXTENSIONS;

    /** Those that every mailbox has these days. */
    @NonNull
    public static Set<ExchangeTrait> usual() {
        return EnumSet.complementOf(EnumSet.of(
                NEWER_FRONT_END,
                ANSWERS_WITH_ESEARCH,
                LOGIN_WITHOUT_ACCESS,
                RETURNS_WHOLE_PARTS,
                REPORTS_BEFORE_IDLE,
                SILENT_DURING_IDLE));
    }
}
