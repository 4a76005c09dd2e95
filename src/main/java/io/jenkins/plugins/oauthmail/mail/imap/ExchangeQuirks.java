package io.jenkins.plugins.oauthmail.mail.imap;

import java.util.regex.Pattern;

/** How Exchange differs from other IMAP servers, and how it is recognized. */
final class ExchangeQuirks {

    /**
     * Exchange generates the structure and the parts of a message anew whenever they are requested, so a command about
     * a thousand messages may take longer than any time-out.
     */
    static final int MAX_CONVERTED = 100;

    /**
     * Exchange has been seen to return no more than a certain, undocumented number of results for a search in bodies.
     */
    static final int MAX_TRUSTED_BODIES = 50;

    /** Exchange rejects deeper nesting as a syntax error; six alternatives have been seen to be too many. */
    static final int MAX_SEARCH_KEYS = 5;

    private static final Pattern GREETING = Pattern.compile("Microsoft Exchange", Pattern.CASE_INSENSITIVE);

    private static final Pattern STATE = Pattern.compile("in invalid state", Pattern.CASE_INSENSITIVE);

    private ExchangeQuirks() {}

    /** Whether this is Exchange's greeting. */
    static boolean greets(String greeting) {
        return GREETING.matcher(greeting).find();
    }

    /** Whether a refusal says that the session has lost its login or folder, so that it is not about any message. */
    static boolean isAboutSession(String said) {
        return STATE.matcher(said).find();
    }
}
