package io.jenkins.plugins.oauthmail.mail.compose;

import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;

/**
 * Makes text of HTML that a person can read in a program that shows none: paragraphs, lists, links with their addresses,
 * tables line by line.
 */
public final class PlainTextAlternative implements NodeVisitor {

    /** Elements after which a line is left empty. */
    private static final Pattern APART =
            Pattern.compile("p|h[1-6]|ul|ol|dl|table|blockquote|pre|figure|section|article|header|footer");

    private static final Pattern NOT_TEXT = Pattern.compile("head|style|script|template|noscript|svg");
    private static final Pattern SPACE = Pattern.compile("[ \t\r\n\f]+");

    private final StringBuilder text = new StringBuilder();
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
            if (element.elementSiblingIndex() > 0) {
                text.append(" | ");
            }
        } else if (element.isBlock()) {
            line();
            if (name.equals("li")) {
                item(element);
            }
            literal += name.equals("pre") ? 1 : 0;
        }
    }

    private void item(Element element) {
        Element list = element.parent();
        text.append(list != null && list.normalName().equals("ol") ? element.elementSiblingIndex() + 1 + ". " : "- ");
    }

    @Override
    public void tail(Node node, int depth) {
        if (!(node instanceof Element element)) {
            return;
        }
        String name = element.normalName();
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
        boolean leadsOn = address.matches("(?i)(https?|mailto):.*");
        if (leadsOn && !address.replaceFirst("(?i)^mailto:", "").equals(element.text())) {
            words(" <" + address + ">");
        }
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
