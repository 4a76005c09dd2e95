package io.jenkins.plugins.oauthmail.mail.replytext;

import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.Entities;

/**
 * The text of an HTML body, roughly as a person sees it, in one pass. Quoted history keeps the marks of plain mail, a
 * {@code >} in front of each line: what is in a blockquote, and what the classes and ids of mail programs say is not new.
 */
public final class HtmlToText {

    private static final Pattern NAME = Pattern.compile("</?([A-Za-z][A-Za-z0-9]*)");
    private static final Pattern ENTITY =
            Pattern.compile("&(?:(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});|([A-Za-z][A-Za-z0-9]{1,31})(;?))");
    private static final Set<String> UNSEEN = Set.of("script", "style", "head", "title", "template");
    private static final Set<String> BLOCKS = Set.of(
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "br",
            "caption",
            "center",
            "dd",
            "details",
            "dir",
            "div",
            "dl",
            "dt",
            "fieldset",
            "figcaption",
            "figure",
            "footer",
            "form",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hr",
            "li",
            "listing",
            "main",
            "menu",
            "nav",
            "ol",
            "p",
            "pre",
            "section",
            "summary",
            "table",
            "tbody",
            "tfoot",
            "thead",
            "tr",
            "ul",
            "xmp");

    /** Elements without content, which nothing closes. */
    private static final Set<String> VOID =
            Set.of("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr");

    /** Elements that end where the next of their kind begins. */
    private static final Set<String> ENDED = Set.of("p", "li", "td", "th", "tr", "dt", "dd", "option");

    /** Attributes in lower case, behind which everything is history: Outlook's. */
    private static final List<String> HISTORY = List.of(
            "divrplyfwdmsg",
            "appendonsend",
            "border-top:solid #e1e1e1",
            "border-top:solid #b5c4df",
            "mail-editor-reference-message-container",
            "ms-outlook-mobile-reference-message",
            "olk_src_body_section",
            "stopspelling");

    /** Elements that hold history, or the line that introduces it, or a signature. */
    private static final List<String> QUOTED = List.of(
            "gmail_attr",
            "gmail_quote",
            "gmail_signature",
            "moz-cite-prefix",
            "moz-signature",
            "moz-forward-container",
            "yahoo_quoted",
            "yahoo-signature",
            "appleoriginalcontents",
            "applemailsignature",
            "protonmail_quote",
            "protonmail_signature",
            "zmail_extra",
            "tutanota_quote",
            "ms-outlook-mobile-signature",
            "\"signature\"",
            "\"x_signature\"",
            "replyintro",
            "reply-intro",
            "isreplycontent",
            "isforwardcontent",
            "messagereplysection",
            "__quoted_text__",
            "__headers__");

    /** Outlook's line as browsers write it: with the width, which designers give in pixels, in points. */
    private static final Pattern OUTLOOK_BORDER = Pattern.compile(
            "border(?:-top)?(?:-color)?:[^;]{0,60}(?:#e1e1e1|#b5c4df|rgb\\(225, ?225, ?225\\)|rgb\\(181, ?196, ?223\\))");

    private static final Pattern HIDDEN = Pattern.compile("display:none|visibility:hidden|mso-hide:all"
            + "|(?:font-size|max-height|opacity):0(?:px|pt|em|rem|%)?(?![.\\d])|\\shidden(?:[\\s>/]|=)");

    private static final String LITERAL = "white-space:pre";

    /** The length of the longest name that browsers take without a semicolon behind it. */
    private static final int MAX_UNCLOSED = 6;

    /** How far into a tag attributes are searched for; Outlook's take a few hundred characters. */
    private static final int MAX_TAG = 2000;

    /** What programs mean that write numbers of ISO 8859-1's control characters, and what browsers show. */
    private static final Charset WINDOWS = Charset.forName("windows-1252");

    private static final int DEPTH = 20;

    private final String html;
    private final boolean showsHidden;
    private final StringBuilder text = new StringBuilder();
    private final ReadDeadline time;
    private final Region hidden = new Region();
    private final Region quoted = new Region();
    private final Region literal = new Region();
    private boolean untilQuotation;
    /** Whether a head has no end, and therefore none of those behind it has. */
    private boolean endlessHead;

    private int quotes;
    private int history = -1;

    private HtmlToText(String html, boolean showsHidden, ReadDeadline time) {
        this.html = html;
        this.showsHidden = showsHidden;
        this.time = time;
    }

    /** An element and all that is in it. */
    private static final class Region {
        private String name;
        private int depth;
        private int tables;

        boolean isOpen() {
            return name != null;
        }

        void open(String element) {
            name = element;
            depth = 1;
            tables = 0;
        }

        void close() {
            name = null;
        }

        /** Goes on to the next tag. */
        void tag(String element, boolean opens) {
            tables += element.equals("table") ? opens ? 1 : -1 : 0;
            if (tables < 0 && ENDED.contains(String.valueOf(name))) {
                name = null;
            } else if (!element.equals(name)) {
                boolean implied = opens && "p".equals(name) && BLOCKS.contains(element) && !element.equals("br");
                name = implied ? null : name;
            } else if (opens && ENDED.contains(element) && tables == 0) {
                name = null;
            } else {
                depth += opens ? 1 : -1;
                name = depth == 0 ? null : name;
            }
        }
    }

    /**
     * @param text of all of it
     * @param history where the history of an Outlook begins in the text, which has no marks of its own; negative if
     *     there is none
     */
    record Reading(String text, int history) {
        boolean hasHistory() {
            return history >= 0;
        }

        String beforeHistory() {
            return history < 0 ? text : text.substring(0, history);
        }
    }

    /** @param time asked as the work goes along */
    public static String of(String html, ReadDeadline time) throws MailFailure {
        return read(html, time).text().strip();
    }

    static Reading read(String html, ReadDeadline time) throws MailFailure {
        HtmlToText reader = new HtmlToText(html, false, time);
        reader.read();
        if (reader.hidden.isOpen()) {
            // Nothing closes what is hidden, so that browsers would show nothing of the rest.
            reader = new HtmlToText(html, true, time);
            reader.read();
        }
        return new Reading(reader.text.toString(), reader.history);
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
                    shown("<");
                    at = tag + 1;
                    continue;
                }
                at = after(">", tag, lower);
                continue;
            }
            int end = after(">", tag, lower);
            String element = CaseFolding.asciiLower(name.group(1));
            boolean opens = html.charAt(tag + 1) != '/';
            at = opens && UNSEEN.contains(element) ? unseen(element, end, lower) : end;
            boolean empty = VOID.contains(element) || html.startsWith("/>", end - 2);
            element(element, opens, opens && empty, lower.substring(tag, Math.min(end, tag + MAX_TAG)));
        }
    }

    /** Where an invisible element ends; a head without an end tag does not count as one. */
    private int unseen(String element, int from, String lower) {
        boolean head = element.equals("head");
        if (head && endlessHead) {
            return from;
        }
        int end = lower.indexOf("</" + element, from);
        if (end < 0) {
            endlessHead |= head;
            return head ? from : lower.length();
        }
        return after(">", end, lower);
    }

    private static int after(String mark, int from, String lower) {
        int at = lower.indexOf(mark, from);
        return at < 0 ? lower.length() : at + mark.length();
    }

    private void element(String name, boolean opens, boolean empty, String tag) {
        boolean wasQuoted = quoted.isOpen();
        if (!empty) {
            hidden.tag(name, opens);
            quoted.tag(name, opens);
            literal.tag(name, opens);
        }
        if (BLOCKS.contains(name)) {
            block(name, opens);
        } else if (opens && (name.equals("td") || name.equals("th")) && text.length() > 0) {
            shown(" ");
        } else if (wasQuoted && !quoted.isOpen()) {
            line();
        }
        if (!opens) {
            return;
        }
        if (name.equals("pre") || name.equals("xmp") || name.equals("listing")) {
            literal.open(name);
        }
        if (tag.indexOf('=') >= 0 || tag.contains("hidden")) {
            attributes(name, empty, tag);
        }
    }

    private void attributes(String name, boolean empty, String tag) {
        String style = tag.replace(": ", ":");
        if (history < 0 && !quoted.isOpen() && isHistory(style)) {
            line();
            history = text.length();
        }
        if (empty) {
            return;
        }
        if (!showsHidden
                && !hidden.isOpen()
                && !name.equals("body")
                && HIDDEN.matcher(style).find()) {
            hidden.open(name);
        }
        if (!literal.isOpen() && style.contains(LITERAL)) {
            literal.open(name);
        }
        if (!quoted.isOpen() && !name.equals("blockquote") && QUOTED.stream().anyMatch(tag::contains)) {
            line();
            quoted.open(name);
            // Gmail has one for all, with answers between the quotations in it.
            untilQuotation = tag.contains("gmail_quote");
        }
    }

    private static boolean isHistory(String tag) {
        return HISTORY.stream().anyMatch(tag::contains)
                || tag.contains("pt")
                        && tag.contains("border")
                        && OUTLOOK_BORDER.matcher(tag).find();
    }

    private void block(String name, boolean opens) {
        if (name.equals("br")) {
            shown("\n");
        } else {
            line();
        }
        if (name.equals("blockquote")) {
            quotes = Math.max(0, Math.min(DEPTH, quotes + (opens ? 1 : -1)));
            if (opens && untilQuotation) {
                quoted.close();
                untilQuotation = false;
            }
        }
    }

    private void line() {
        if (text.length() > 0 && !atLineStart()) {
            text.append('\n');
        }
    }

    private boolean atLineStart() {
        return text.length() == 0 || text.charAt(text.length() - 1) == '\n';
    }

    private void words(String raw) {
        if (raw.isEmpty() || hidden.isOpen()) {
            return;
        }
        String words = ENTITY.matcher(raw).replaceAll(match -> Matcher.quoteReplacement(entity(match)));
        StringBuilder shown = new StringBuilder(words.length());
        boolean spaced = text.length() == 0 || Character.isWhitespace(text.charAt(text.length() - 1));
        for (int i = 0; i < words.length(); i++) {
            char c = words.charAt(i);
            boolean space = c == '\u00a0' || c <= ' ' || Character.isWhitespace(c);
            if (literal.isOpen()) {
                shown.append(c == '\u00a0' ? ' ' : c);
            } else if (!space || !spaced) {
                shown.append(space ? ' ' : c);
            }
            spaced = space;
        }
        if (literal.isOpen()) {
            String lines = shown.toString().replace("\r\n", "\n").replace('\r', '\n');
            int at = 0;
            for (int end = lines.indexOf('\n'); end >= 0; end = lines.indexOf('\n', at)) {
                shown(lines.substring(at, end));
                text.append('\n');
                at = end + 1;
            }
            shown(lines.substring(at));
        } else {
            shown(shown.toString());
        }
    }

    private void shown(String words) {
        if (words.isEmpty() || hidden.isOpen()) {
            return;
        }
        boolean marks = quotes > 0 || quoted.isOpen();
        if (atLineStart() && marks && !words.isBlank()) {
            text.append(">".repeat(quotes + (quoted.isOpen() ? 1 : 0))).append(' ');
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
