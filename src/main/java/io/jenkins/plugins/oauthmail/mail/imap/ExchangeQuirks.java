package io.jenkins.plugins.oauthmail.mail.imap;

import java.util.regex.Pattern;

/** Where Exchange's IMAP differs from other servers', and how one can tell that it is Exchange. */
final class ExchangeQuirks {

    /**
     * It makes the structure and the parts of a mail anew whenever they are asked for, so that a command about a thousand
     * of them may take longer than anybody waits.
     */
    static final int MAX_CONVERTED = 100;

    /** It has been seen to find no more than some number of bodies, and which is not documented. */
    static final int MAX_TRUSTED_BODIES = 50;

    private static final Pattern GREETING = Pattern.compile("Microsoft Exchange", Pattern.CASE_INSENSITIVE);

    private ExchangeQuirks() {}

    /** Whether that is how Exchange greets. */
    static boolean greets(String greeting) {
        return GREETING.matcher(greeting).find();
    }
}
