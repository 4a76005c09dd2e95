package io.jenkins.plugins.oauthmail.token.entra;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Repairs PEM as people paste it: on one line, with literal {@code \n}, in quotation marks, indented, with invisible
 * characters, with a word processor's dashes, or all of it in base64 once more.
 */
final class PastedPem {

    /** "-----BEGIN" in base64. */
    private static final String ENCODED = "LS0tLS1CRUdJTi";

    private static final Pattern UNSEEN =
            Pattern.compile("[\\u00ad\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\ufeff]");
    private static final Pattern SPACE = Pattern.compile("[\\u0085\\u00a0\\u2000-\\u200a\\u2028\\u2029\\u202f\\u3000]");
    private static final Pattern LINE_BREAK = Pattern.compile("\\\\r\\\\n|\\\\+[rn]");
    private static final Pattern DASH = Pattern.compile("[\\u2010-\\u2015\\u2212]+");
    private static final Pattern MARK = Pattern.compile("-{2,9}\\s?(BEGIN|END) ([A-Z0-9 ]{1,40}?)\\s?-{2,9}");
    private static final Pattern BLOCK = Pattern.compile(
            "-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]{1,65536}?(?:-[^-]{1,65536}?){0,9})-----END \\1-----");
    private static final Pattern HEADERS = Pattern.compile(
            "[\\s>]*Proc-Type:\\s*4\\s*,\\s*ENCRYPTED[\\s>]+DEK-Info:\\s*([A-Z0-9-]{1,40}\\s*,\\s*[0-9A-Fa-f]{1,64})(?=\\s)");
    private static final Pattern NOT_BASE64 = Pattern.compile("[\\s\"'`\u201c\u201d\u201e\u2018\u2019\\\\>,;|]+");
    private static final int LINE = 64;

    private PastedPem() {}

    /** @return well-formed PEM; the text unchanged if it does not look like PEM */
    static String restored(String pasted) {
        String text = SPACE.matcher(UNSEEN.matcher(pasted).replaceAll(""))
                .replaceAll(" ")
                .strip();
        text = decoded(text);
        text = LINE_BREAK.matcher(text).replaceAll("\n");
        if (text.contains("BEGIN")) {
            text = DASH.matcher(text).replaceAll("-----");
            text = MARK.matcher(text).replaceAll("-----$1 $2-----");
        }
        return BLOCK.matcher(text).replaceAll(block -> Matcher.quoteReplacement(block(block.group(1), block.group(2))));
    }

    private static String decoded(String text) {
        if (!text.startsWith(ENCODED)) {
            return text;
        }
        try {
            return new String(Base64.getMimeDecoder().decode(text), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static String block(String kind, String body) {
        StringBuilder block = new StringBuilder("\n-----BEGIN " + kind + "-----\n");
        Matcher headers = HEADERS.matcher(body);
        int at = 0;
        if (headers.lookingAt()) {
            block.append("Proc-Type: 4,ENCRYPTED\nDEK-Info: ")
                    .append(headers.group(1).replaceAll("\\s", ""))
                    .append("\n\n");
            at = headers.end();
        }
        String base64 = NOT_BASE64.matcher(body.substring(at)).replaceAll("");
        for (int from = 0; from < base64.length(); from += LINE) {
            block.append(base64, from, Math.min(base64.length(), from + LINE)).append('\n');
        }
        return block.append("-----END ").append(kind).append("-----\n").toString();
    }
}
