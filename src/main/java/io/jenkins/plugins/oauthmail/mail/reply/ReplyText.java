package io.jenkins.plugins.oauthmail.mail.reply;

import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import java.util.ArrayList;
import java.util.List;

/**
 * What somebody wrote in an answer, without what the mail program put around it: the quoted history, the line that
 * introduces it, the signature. Each line is looked at by {@link QuoteMarks}.
 */
public final class ReplyText {

    /** How Outlook for the web and Outlook on phones part an answer from what it answers. */
    static final String OUTLOOK_LINE = "________________________________";

    private ReplyText() {}

    /**
     * @param time asked as the work goes along
     * @return null if the mail has neither; empty if nothing but history is in it
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
        return String.join("\n", answer).strip();
    }

    private static boolean dispensable(String line) {
        return line.isBlank() || QuoteMarks.sentFromPhone(line);
    }

    /** A signature in front of history, with answers between the lines of it: -1 if there is none. */
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
