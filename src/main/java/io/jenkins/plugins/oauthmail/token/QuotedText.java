package io.jenkins.plugins.oauthmail.token;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Collection;
import java.util.regex.Pattern;

/**
 * Prepares what a server said for display in a sentence: one line of visible characters, of limited length and without
 * secrets.
 */
public final class QuotedText {

    private static final int LIMIT = 400;

    /** Shorter than for mail servers, because providers surround the useful part with much other text. */
    private static final int MAX_FROM_PROVIDER = 200;

    /** Only so many characters are read, so that cleaning is cheap whatever the server sends. */
    private static final int MAX_CLEANED = 4000;

    /** Shorter values could occur in ordinary words. */
    private static final int MIN_SECRET_LENGTH = 6;

    /** A server may repeat a line that it does not understand, and that line may have been the login. */
    private static final Pattern LIKE_A_TOKEN = Pattern.compile("[A-Za-z0-9+/=._~-]{80,}");

    /** Everything that is not visible: spaces, controls, bidirectional overrides, lone surrogates. */
    private static final Pattern SPACE = Pattern.compile("[\\s\\p{C}\\p{Z}]+");

    private static final Pattern CONTINUED = Pattern.compile("\\r?\\n\\d{3}[- ](?:\\d\\.\\d{1,3}\\.\\d{1,3} )?");

    private static final Pattern FIRST = Pattern.compile("^(\\d{3})-");

    private static final Pattern TAG = Pattern.compile("<[^<>]*>|[<>]");

    /** Entra ends each description with these three values, which are also available as separate members. */
    private static final Pattern IDS = Pattern.compile("(?is)\\b(trace id|correlation id|timestamp):.*");

    private QuotedText() {}

    /** @return the reply of a mail server, at most about 400 characters; empty for null */
    @NonNull
    public static String clean(@CheckForNull String said) {
        if (said == null) {
            return "";
        }
        String line = CONTINUED.matcher(said).replaceAll(" ");
        line = oneLine(FIRST.matcher(line).replaceFirst("$1 "));
        line = LIKE_A_TOKEN.matcher(line).replaceAll("[...]");
        return line.length() <= LIMIT ? line : line.substring(0, LIMIT) + "...";
    }

    /** The reply in quotation marks, or a remark that there was none. */
    @NonNull
    public static String quoted(@CheckForNull String said) {
        String line = clean(said);
        return line.isEmpty() ? Messages.QuotedText_nothing() : Messages.QuotedText_quoted(line);
    }

    /**
     * Cleans a text from a token provider, which may be HTML.
     *
     * @param secrets values that were sent and that the text may therefore contain
     * @return the text without tags and ids, at most about 200 characters; empty for null
     */
    @NonNull
    public static String ofProvider(@CheckForNull String said, @NonNull Collection<String> secrets) {
        if (said == null) {
            return "";
        }
        String line = said.length() > MAX_CLEANED ? said.substring(0, MAX_CLEANED) : said;
        for (String secret : secrets) {
            if (secret.length() >= MIN_SECRET_LENGTH) {
                line = line.replace(secret, Messages.QuotedText_hidden());
            }
        }
        line = IDS.matcher(line).replaceFirst("");
        line = oneLine(TAG.matcher(line).replaceAll(" "));
        return line.length() > MAX_FROM_PROVIDER
                ? line.substring(0, MAX_FROM_PROVIDER).strip() + "…"
                : line;
    }

    private static String oneLine(String text) {
        return SPACE.matcher(text).replaceAll(" ").strip();
    }
}
