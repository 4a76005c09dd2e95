package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Pieces of HTML for mail programs. */
final class Html {
    private static final Pattern BODY = Pattern.compile("(?i)<body\\b[^>]*>");
    private static final Pattern END = Pattern.compile("(?i)</body\\s*>");

    private Html() {}

    /** What is inside of the body of a whole page, or all of a fragment. */
    @NonNull
    static String inner(@NonNull String html) {
        Matcher begin = BODY.matcher(html);
        String inner = begin.find() ? html.substring(begin.end()) : html;
        Matcher end = END.matcher(inner);
        return end.find() ? inner.substring(0, end.start()) : inner;
    }

    /** A link that begins a message (RFC 6068). */
    @NonNull
    static String mailto(@NonNull String address, @NonNull String subject, @NonNull String body) {
        return "mailto:" + encode(address, "@") + "?subject=" + encode(subject, "") + "&body=" + encode(body, "");
    }

    private static String encode(String text, String also) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            boolean plain = c < 0x80 && Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0 || also.indexOf(c) >= 0;
            encoded.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
        }
        return encoded.toString();
    }
}
