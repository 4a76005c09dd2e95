package io.jenkins.plugins.oauthmail.mail.replytext;

import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import java.util.ArrayList;
import java.util.List;

/**
 * What somebody wrote in an answer, without what the mail program put around it: the quoted history, the line that
 * introduces it, the signature. Each line is looked at by {@link QuoteMarks}.
 */
public final class ReplyText {

    private ReplyText() {}

    /**
     * @param time checked while working
     * @return null if the mail has neither; empty if it contains only quoted history
     */
    public static String of(String text, String html, ReadDeadline time) throws MailFailure {
        if (text == null || Invisible.strip(text).isEmpty()) {
            return html == null ? text : ofHtml(html, time).text();
        }
        Answer plain = of(text, time);
        if (plain.marked() || html == null) {
            return plain.text();
        }
        // Plain text of Outlook has only words around its history, in any language; its HTML has marks.
        Answer marked = ofHtml(html, time);
        return marked.marked() && !marked.text().isEmpty() ? marked.text() : plain.text();
    }

    /** @param marked whether something was left out */
    private record Answer(String text, boolean marked) {}

    private static Answer ofHtml(String html, ReadDeadline time) throws MailFailure {
        HtmlToText.Reading reading = HtmlToText.read(html, time);
        Answer answer = of(reading.beforeHistory(), time);
        return new Answer(answer.text(), answer.marked() || reading.hasHistory());
    }

    private static Answer of(String text, ReadDeadline time) throws MailFailure {
        String[] lines = text.split("\n", -1);
        List<String> answer = new ArrayList<>();
        boolean marked = false;
        for (int i = 0; i < lines.length; i++) {
            time.step();
            String line = Invisible.trimmed(lines[i]);
            if (QuoteMarks.signature(lines[i])) {
                int next = nextQuote(lines, i, time);
                if (next < 0) {
                    break;
                }
                i = next - 1;
            } else if (QuoteMarks.quoted(line)) {
                marked = true;
            } else if (QuoteMarks.historyFollows(lines, i)) {
                marked = true;
                break;
            } else {
                int introduction = introduction(lines, i);
                marked |= introduction > 0;
                if (introduction == 0) {
                    answer.add(line);
                } else if (!quotedNext(lines, i + introduction)) {
                    // The history has no marks of its own, as where a program made text of HTML.
                    break;
                } else {
                    i += introduction - 1;
                }
            }
        }
        while (!answer.isEmpty() && dispensable(answer.get(answer.size() - 1))) {
            answer.remove(answer.size() - 1);
        }
        return new Answer(Invisible.strip(String.join("\n", answer)), marked);
    }

    private static int introduction(String[] lines, int at) {
        return QuoteMarks.introduction(lines, at, next -> quotedNext(lines, next));
    }

    private static boolean dispensable(String line) {
        return line.isBlank() || QuoteMarks.isLine(line) || QuoteMarks.isPhoneSignature(line);
    }

    /** The next quoted line after a signature, when answers are interleaved with the history; -1 if there is none. */
    private static int nextQuote(String[] lines, int from, ReadDeadline time) throws MailFailure {
        for (int i = from + 1; i < lines.length; i++) {
            time.step();
            if (QuoteMarks.quoted(lines[i]) || introduction(lines, i) > 0) {
                return i;
            }
        }
        return -1;
    }

    private static boolean quotedNext(String[] lines, int from) {
        int i = from;
        while (i < lines.length && Invisible.strip(lines[i]).isEmpty()) {
            i++;
        }
        return i < lines.length && QuoteMarks.quoted(lines[i]);
    }
}
