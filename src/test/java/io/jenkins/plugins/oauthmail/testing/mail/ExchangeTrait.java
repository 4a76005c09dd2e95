package io.jenkins.plugins.oauthmail.testing.mail;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.EnumSet;
import java.util.Set;

/**
 * One way in which Exchange Online differs from other mail servers, or which only it is known for. The letter stands for
 * a part of the protocols: I sessions of IMAP, U folders, ids and changes, S searching, F fetching, D idling, M
 * submission. What Exchange says word for word is in {@link ExchangeSays}.
 */
public enum ExchangeTrait {
    /** Greets as Microsoft Exchange, without capabilities. */
    I1,
    /** The capabilities before the login. */
    I2,
    /** Capabilities after login, if requested. */
    I3,
    /** Some tenants since 2026: {@code IMAP4rev2} can be enabled, and a search is answered with {@code * ESEARCH}. */
    I4,
    /** A refused token gets a plain NO, without the reason. */
    I5,
    /** Login succeeds, every later command fails. */
    I7,
    /** Command lines have 10,240 octets at most. */
    I8,
    /** A connection that says nothing is closed, after a minute before the login and half an hour behind it. */
    I9,
    /** A mailbox has a number of connections at most; see {@link Exchange#connections}. */
    I10,
    /** After ten faulty commands the connection ends. */
    I11,
    /** Its own words for commands that it does not know, or that come too early. */
    I15,
    /** {@code * 0 RECENT}, and flags without keywords. */
    U2,
    /** No keywords: searching them is a faulty command. */
    U3,
    /** EXISTS after each EXPUNGE. */
    U4,
    /** The levels of folders are separated by a slash. */
    U5,
    /** Sizes are estimates. */
    U7,
    /** Mails are made anew when they come in: other boundaries, another order and folding of header fields. */
    U9,
    /** Searches in US-ASCII only. */
    S1,
    /** Six keys that are nested in OR are too many. */
    S2,
    /** FROM, TO and CC look at display names only. */
    S3,
    /** HEADER looks at the stored header of mails that came by SMTP, at all of it, as it was sent. */
    S4,
    /** A search for a text within bodies finds 60 mails at most, unless SINCE or UID is there. */
    S6,
    /** Sizes in searches are estimates. */
    S7,
    /** A fetch of some octets is answered with all of them; old versions. */
    F5,
    /** What is said when IDLE begins and ends. */
    D1,
    /** New mail is told before IDLE has begun. */
    D2,
    /** New mail is not told while a client idles. */
    D3,
    /** Greets and takes logins by SMTP as it does. */
    M2,
    /** Pieces of mails (BDAT) are not answered any more. */
    M9,
    /** What it says to the next command on a connection that was idle; see {@link Exchange#idleTooLong}. */
    M10,
    /** Mails are put off; see {@link Exchange#busy}. */
    M11,
    /** A mail has 500 recipients at most; see {@link Exchange#recipients}. */
    M12,
    /** The sender or the tenant is blocked; see {@link Exchange#blocked}. */
    M13,
    /** The receipt of a mail, with an id of its own. */
    M15,
    /** The extensions of SMTP. */
    M16;

    /** Those that every mailbox has these days. */
    @NonNull
    public static Set<ExchangeTrait> usual() {
        return EnumSet.complementOf(EnumSet.of(I4, I7, F5, D2, D3));
    }
}
