package io.jenkins.plugins.oauthmail.mail.reply;

import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import java.nio.charset.Charset;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.Entities;

/**
 * Converts HTML to text, roughly as displayed, in one pass. Quoted history is marked as in plain text messages: with
 * {@code >} at the beginning of each line in a blockquote, and a line of underscores where Outlook's history begins.
 */
public final class HtmlToText {

    private static final Pattern NAME = Pattern.compile("</?([A-Za-z][A-Za-z0-9]*)");
    private static final Pattern ENTITY =
            Pattern.compile("&(?:(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});|([A-Za-z][A-Za-z0-9]{1,31})(;?))");
    private static final Set<String> UNSEEN = Set.of("script", "style", "head", "title", "template");
    private static final Set<String> BLOCKS = Set.of(
            "p",
            "div",
            "br",
            "tr",
            "li",
            "ul",
            "ol",
            "table",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "pre",
            "blockquote",
            "hr",
            "body");

    /** Length of the longest entity name that browsers accept without a semicolon. */
    private static final int MAX_UNCLOSED = 6;

    /**
     * Numeric references to the control characters of ISO 8859-1 are shown by browsers as characters of windows-1252,
     * which is what the programs that write them mean.
     */
    private static final Charset WINDOWS = Charset.forName("windows-1252");

    private static final int DEPTH = 20;

    private final String html;
    private final StringBuilder text = new StringBuilder();
    private final ReadDeadline time;
    private int quotes;

    private HtmlToText(String html, ReadDeadline time) {
        this.html = html;
        this.time = time;
    }

    /** @param time checked during the conversion */
    public static String of(String html, ReadDeadline time) throws MailFailure {
        HtmlToText reader = new HtmlToText(html, time);
        reader.read();
        return reader.text.toString().strip();
    }

    private void read() throws MailFailure {
        String lower = CaseFolding.asciiLower(html);
        int at = 0;
        while (at < html.length()) {
            time.step();
            int tag = html.indexOf('<', at);
            if (tag < 0) {
                words(html.substring(at));
                return;
            }
            words(html.substring(at, tag));
            if (html.startsWith("<!--", tag)) {
                at = after("-->", tag + 4, lower);
                continue;
            }
            Matcher name = NAME.matcher(html).region(tag, html.length());
            if (!name.lookingAt()) {
                if (!html.startsWith("<!", tag) && !html.startsWith("<?", tag)) {
                    text.append('<');
                    at = tag + 1;
                    continue;
                }
                at = after(">", tag, lower);
                continue;
            }
            int end = after(">", tag, lower);
            String element = CaseFolding.asciiLower(name.group(1));
            boolean opens = html.charAt(tag + 1) != '/';
            at = opens && UNSEEN.contains(element) ? after("</" + element, end, lower) : end;
            if (at > end) {
                at = after(">", at, lower);
            }
            element(element, opens, html.substring(tag, end));
        }
    }

    private static int after(String mark, int from, String lower) {
        int at = lower.indexOf(mark, from);
        return at < 0 ? lower.length() : at + mark.length();
    }

    private void element(String name, boolean opens, String tag) {
        if (!BLOCKS.contains(name)) {
            return;
        }
        if (name.equals("br") || text.length() > 0 && !atLineStart()) {
            text.append('\n');
        }
        if (name.equals("blockquote")) {
            quotes = Math.max(0, Math.min(DEPTH, quotes + (opens ? 1 : -1)));
        } else if (opens && (tag.contains("divRplyFwdMsg") || tag.contains("border-top:solid #E1E1E1"))) {
            text.append(ReplyText.OUTLOOK_LINE).append('\n');
        }
    }

    private boolean atLineStart() {
        return text.charAt(text.length() - 1) == '\n';
    }

    private void words(String raw) {
        String words = ENTITY.matcher(raw).replaceAll(match -> Matcher.quoteReplacement(entity(match)));
        words = words.replace('\u00a0', ' ').replaceAll("\\s+", " ");
        if (text.length() == 0 || atLineStart()) {
            words = words.stripLeading();
            if (!words.isEmpty() && quotes > 0) {
                text.append(">".repeat(quotes)).append(' ');
            }
        }
        text.append(words);
    }

    private static String entity(MatchResult match) {
        if (match.group(1) != null) {
            return character(match.group(1));
        }
        String name = match.group(2);
        if (!match.group(3).isEmpty() && Entities.isNamedEntity(name)) {
            return Entities.getByName(name);
        }
        for (int length = Math.min(name.length(), MAX_UNCLOSED); length > 1; length--) {
            String begin = name.substring(0, length);
            if (Entities.isBaseNamedEntity(begin)) {
                return Entities.getByName(begin) + match.group().substring(1 + length);
            }
        }
        return match.group();
    }

    private static String character(String number) {
        boolean hex = Character.toLowerCase(number.charAt(1)) == 'x';
        int code = hex ? Integer.parseInt(number.substring(2), 16) : Integer.parseInt(number.substring(1));
        if (code >= 0x80 && code < 0xa0) {
            return new String(new byte[] {(byte) code}, WINDOWS);
        }
        boolean surrogate = code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE;
        return Character.isValidCodePoint(code) && !surrogate ? Character.toString(code) : "";
    }
}
