package io.jenkins.plugins.oauthmail.mail.compose;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;

/**
 * Generates the plain text alternative of an HTML body, for programs that do not show HTML: paragraphs, lists, links
 * with their addresses, tables row by row.
 */
public final class PlainTextAlternative implements NodeVisitor {

    /** Elements that are followed by an empty line. */
    private static final Pattern APART =
            Pattern.compile("p|h[1-6]|ul|ol|dl|table|blockquote|pre|figure|section|article|header|footer");

    private static final Pattern NOT_TEXT = Pattern.compile("head|style|script|template|noscript|svg");
    private static final Pattern SPACE = Pattern.compile("[ \t\r\n\f]+");

    /** Allowance for spaces and line breaks around an address that is the text of its link. */
    private static final int AROUND_ADDRESS = 10;

    private final StringBuilder text = new StringBuilder();
    /** For each open element, how many children it has had so far. */
    private final Deque<int[]> children = new ArrayDeque<>();
    /** For each open link, where its text begins in the output. */
    private final Deque<Integer> links = new ArrayDeque<>();

    private int hidden;
    private int literal;

    private PlainTextAlternative() {}

    public static String of(String html) {
        PlainTextAlternative plain = new PlainTextAlternative();
        NodeTraversor.traverse(plain, Jsoup.parse(html));
        return plain.text
                .toString()
                .replaceAll("(?<![ \t])[ \t]+\n", "\n")
                .replaceAll("\n{3,}", "\n\n")
                .strip()
                .replace('\u00a0', ' ');
    }

    @Override
    public void head(Node node, int depth) {
        if (node instanceof Element element) {
            begin(element);
        } else if (node instanceof TextNode words && hidden == 0) {
            words(
                    literal > 0
                            ? words.getWholeText()
                            : SPACE.matcher(words.getWholeText()).replaceAll(" "));
        }
    }

    private void begin(Element element) {
        String name = element.normalName();
        // Counted here, because Element.elementSiblingIndex() searches all siblings each time it is called.
        int index = children.isEmpty() ? 0 : children.peek()[0]++;
        children.push(new int[1]);
        if (name.equals("a")) {
            links.push(text.length());
        }
        if (NOT_TEXT.matcher(name).matches()) {
            hidden++;
        } else if (name.equals("br")) {
            text.append('\n');
        } else if (name.equals("hr")) {
            line();
            text.append("----");
            line();
        } else if (name.equals("img") && hidden == 0) {
            words(element.attr("alt"));
        } else if (name.equals("td") || name.equals("th")) {
            if (index > 0) {
                text.append(" | ");
            }
        } else if (element.isBlock()) {
            line();
            if (name.equals("li")) {
                item(element, index);
            }
            literal += name.equals("pre") ? 1 : 0;
        }
    }

    private void item(Element element, int index) {
        Element list = element.parent();
        text.append(list != null && list.normalName().equals("ol") ? index + 1 + ". " : "- ");
    }

    @Override
    public void tail(Node node, int depth) {
        if (!(node instanceof Element element)) {
            return;
        }
        String name = element.normalName();
        children.pop();
        if (NOT_TEXT.matcher(name).matches()) {
            hidden--;
        } else if (name.equals("a")) {
            link(element);
        } else if (element.isBlock() && !name.equals("td") && !name.equals("th")) {
            literal -= name.equals("pre") ? 1 : 0;
            line();
            if (APART.matcher(name).matches()) {
                text.append('\n');
            }
        }
    }

    private void link(Element element) {
        String address = element.attr("href");
        int begin = links.pop();
        boolean leadsOn = address.matches("(?i)(https?|mailto):.*");
        if (leadsOn && !isShown(address.replaceFirst("(?i)^mailto:", ""), begin)) {
            words(" <" + address + ">");
        }
    }

    /**
     * Whether the text from there on is just the address. The length is checked first, so that nested links do not each
     * read all of it.
     */
    private boolean isShown(String address, int begin) {
        return text.length() - begin <= address.length() + AROUND_ADDRESS
                && text.substring(begin).strip().equals(address);
    }

    private void words(String words) {
        boolean atStart = text.length() == 0 || text.charAt(text.length() - 1) == '\n';
        boolean spaced = !atStart && text.charAt(text.length() - 1) == ' ';
        text.append(literal == 0 && (atStart || spaced) ? words.replaceFirst("^ ", "") : words);
    }

    private void line() {
        if (text.length() > 0 && text.charAt(text.length() - 1) != '\n') {
            text.append('\n');
        }
    }
}
