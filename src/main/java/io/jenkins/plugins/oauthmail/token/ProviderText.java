package io.jenkins.plugins.oauthmail.token;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Collection;
import java.util.regex.Pattern;

/** Makes text from outside fit for a message: one bounded line of visible characters without markup or secrets. */
final class ProviderText {

    private static final int MAX_LENGTH = 200;
    /** More than this is not looked at: the cleaning must stay cheap whatever is sent. */
    private static final int LOOKED_AT = 4000;
    /** Shorter values would be found in ordinary words. */
    private static final int MIN_SECRET_LENGTH = 6;

    private static final Pattern TAG = Pattern.compile("<[^<>]*>");
    /** Other than letters and the like: controls, bidirectional overrides, line separators, lone surrogates. */
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}<>]");

    private static final Pattern SPACE = Pattern.compile("\\s+");
    /** Entra ends each description with these three, which have fields of their own. */
    private static final Pattern IDS = Pattern.compile("(?is)\\b(trace id|correlation id|timestamp):.*");

    private ProviderText() {}

    /**
     * @param text may be null
     * @param secrets values that were sent and may come back in an error text
     * @return never null, at most 200 characters
     */
    @NonNull
    static String clean(@CheckForNull String text, @NonNull Collection<String> secrets) {
        if (text == null) {
            return "";
        }
        String line = text.length() > LOOKED_AT ? text.substring(0, LOOKED_AT) : text;
        for (String secret : secrets) {
            if (secret.length() >= MIN_SECRET_LENGTH) {
                line = line.replace(secret, Messages.ProviderText_hidden());
            }
        }
        line = IDS.matcher(line).replaceFirst("");
        line = TAG.matcher(line).replaceAll(" ");
        line = INVISIBLE.matcher(line).replaceAll(" ");
        line = SPACE.matcher(line).replaceAll(" ").strip();
        return line.length() > MAX_LENGTH ? line.substring(0, MAX_LENGTH).strip() + "…" : line;
    }

    /**
     * @param text may be null
     * @param shape what is believable
     * @return the text if it has that shape, else null
     */
    @CheckForNull
    static String only(@CheckForNull String text, @NonNull Pattern shape) {
        return text != null && shape.matcher(text).matches() ? text : null;
    }
}
