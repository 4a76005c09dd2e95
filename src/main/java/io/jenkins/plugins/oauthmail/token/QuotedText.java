package io.jenkins.plugins.oauthmail.token;

import java.util.regex.Pattern;

/** Makes what a server said fit for a sentence: one line, bounded, and without anything that could be a token. */
public final class QuotedText {

    private static final int LIMIT = 400;

    /** A server that does not understand a line may repeat it, and the line may have been the login. */
    private static final Pattern LIKE_A_TOKEN = Pattern.compile("[A-Za-z0-9+/=._~-]{80,}");

    private static final Pattern BLANK = Pattern.compile("[\\s\\p{Cc}\\p{Cf}\\p{Z}]+");
    private static final Pattern CONTINUED = Pattern.compile("\\r?\\n\\d{3}[- ](?:\\d\\.\\d{1,3}\\.\\d{1,3} )?");

    private static final Pattern FIRST = Pattern.compile("^(\\d{3})-");

    private QuotedText() {}

    public static String clean(String said) {
        if (said == null) {
            return "";
        }
        String line = CONTINUED.matcher(said).replaceAll(" ");
        line = FIRST.matcher(line).replaceFirst("$1 ");
        line = BLANK.matcher(line).replaceAll(" ").trim();
        line = LIKE_A_TOKEN.matcher(line).replaceAll("[...]");
        return line.length() <= LIMIT ? line : line.substring(0, LIMIT) + "...";
    }

    /** In quotation marks, or a remark that nothing was said. */
    public static String quoted(String said) {
        String line = clean(said);
        return line.isEmpty() ? Messages.QuotedText_nothing() : Messages.QuotedText_quoted(line);
    }
}
