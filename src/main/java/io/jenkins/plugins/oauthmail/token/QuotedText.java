package io.jenkins.plugins.oauthmail.token;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Collection;
import java.util.regex.Pattern;

/** Makes what a server said fit for a sentence: one line of visible characters, bounded, and without secrets. */
public final class QuotedText {

    private static final int LIMIT = 400;

    /** Providers say much around what helps. */
    private static final int MAX_FROM_PROVIDER = 200;

    /** More than this is not looked at: the cleaning must stay cheap whatever is sent. */
    private static final int LOOKED_AT = 4000;

    /** Shorter values would be found in ordinary words. */
    private static final int MIN_SECRET_LENGTH = 6;

    /** A server that does not understand a line may repeat it, and the line may have been the login. */
    private static final Pattern LIKE_A_TOKEN = Pattern.compile("[A-Za-z0-9+/=._~-]{80,}");

    /** What is no letter or the like: spaces, controls, bidirectional overrides, lone surrogates. */
    private static final Pattern SPACE = Pattern.compile("[\\s\\p{C}\\p{Z}]+");

    private static final Pattern CONTINUED = Pattern.compile("\\r?\\n\\d{3}[- ](?:\\d\\.\\d{1,3}\\.\\d{1,3} )?");

    private static final Pattern FIRST = Pattern.compile("^(\\d{3})-");

    private static final Pattern TAG = Pattern.compile("<[^<>]*>|[<>]");

    /** Entra ends each description with these three, which have fields of their own. */
    private static final Pattern IDS = Pattern.compile("(?is)\\b(trace id|correlation id|timestamp):.*");

    private QuotedText() {}

    /** @return what a mail server said, at most about 400 characters; empty for null */
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

    /** In quotation marks, or a remark that nothing was said. */
    @NonNull
    public static String quoted(@CheckForNull String said) {
        String line = clean(said);
        return line.isEmpty() ? Messages.QuotedText_nothing() : Messages.QuotedText_quoted(line);
    }

    /**
     * What a token provider said, which may be HTML.
     *
     * @param secrets values that were sent and may come back in an error text
     * @return without tags, trace id and the like, at most about 200 characters; empty for null
     */
    @NonNull
    static String ofProvider(@CheckForNull String said, @NonNull Collection<String> secrets) {
        if (said == null) {
            return "";
        }
        String line = said.length() > LOOKED_AT ? said.substring(0, LOOKED_AT) : said;
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
