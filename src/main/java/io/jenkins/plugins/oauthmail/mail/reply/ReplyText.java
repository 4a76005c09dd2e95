package io.jenkins.plugins.oauthmail.mail.reply;

import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import java.util.ArrayList;
import java.util.List;

/**
 * Extracts what the author of a reply wrote, without what the mail program added: the quoted history, the line that
 * introduces it, and the signature. {@link QuoteMarks} classifies the lines.
 */
public final class ReplyText {

    /** The line with which Outlook on the web and Outlook for phones separate a reply from the original message. */
    static final String OUTLOOK_LINE = "________________________________";

    private ReplyText() {}

    /**
     * @param text plain text body, or null
     * @param html HTML body, used if there is no plain text; or null
     * @param time checked as the lines are read
     * @return the new text; empty if the body contains only history; null if there is neither text nor HTML
     */
    public static String of(String text, String html, ReadDeadline time) throws MailFailure {
        if (text != null && !text.isBlank()) {
            return of(text, time);
        }
        return html == null ? text : of(HtmlToText.of(html, time), time);
    }

    private static String of(String text, ReadDeadline time) throws MailFailure {
        String[] lines = text.split("\n", -1);
        List<String> answer = new ArrayList<>();
        for (int i = 0; i < lines.length; i++) {
            time.step();
            String line = lines[i].stripTrailing();
            if (QuoteMarks.signature(lines[i])) {
                int next = nextQuote(lines, i, time);
                if (next < 0) {
                    break;
                }
                i = next - 1;
            } else if (QuoteMarks.historyFollows(lines, i)) {
                break;
            } else if (QuoteMarks.quoted(line)) {
                continue;
            } else {
                int introduction = QuoteMarks.introduction(lines, i);
                if (introduction == 0) {
                    answer.add(line);
                } else if (!quotedNext(lines, i + introduction)) {
                    // The history has no quote marks, for instance because a program generated the text from HTML.
                    break;
                } else {
                    i += introduction - 1;
                }
            }
        }
        while (!answer.isEmpty() && dispensable(answer.get(answer.size() - 1))) {
            answer.remove(answer.size() - 1);
        }
        return String.join("\n", answer).strip();
    }

    private static boolean dispensable(String line) {
        return line.isBlank() || QuoteMarks.sentFromPhone(line);
    }

    /**
     * The line of the next quotation after a signature, if the author replied between quoted lines; -1 if there is
     * none.
     */
    private static int nextQuote(String[] lines, int from, ReadDeadline time) throws MailFailure {
        for (int i = from + 1; i < lines.length; i++) {
            time.step();
            if (QuoteMarks.quoted(lines[i]) || QuoteMarks.introduction(lines, i) > 0) {
                return i;
            }
        }
        return -1;
    }

    private static boolean quotedNext(String[] lines, int from) {
        int i = from;
        while (i < lines.length && lines[i].isBlank()) {
            i++;
        }
        return i < lines.length && QuoteMarks.quoted(lines[i]);
    }
}
