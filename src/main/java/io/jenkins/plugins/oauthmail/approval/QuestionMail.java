package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.oauthmail.jobs.HtmlEscape;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The message that asks one person. Works in Outlook, which renders with Word's engine (tables, attributes and inline
 * styles), in Gmail, which ignores the style sheet, and on phones. The style sheet only adds dark colors.
 *
 * <p>No line of it consists of a choice alone, and none begins the text, so that no quotation of it passes for an answer.
 *
 * @param words the HTML that the author of the pipeline wrote; null for none
 * @param build display name of the build
 * @param page URL of the page on which to decide; null if Jenkins does not know its own URL
 * @param answersTo the address that answers go to
 * @param reference this person's; null for somebody who is only informed
 * @param byMail whether this person may answer by mail
 * @param askedWhom names of the approvers
 * @param reminder whether it is sent again
 */
record QuestionMail(
        @NonNull Question question,
        @CheckForNull String words,
        @NonNull String build,
        @CheckForNull String page,
        @NonNull String answersTo,
        @CheckForNull Reference reference,
        boolean byMail,
        @NonNull String askedWhom,
        boolean reminder) {
    /** Leaves room for the reference, because mail programs truncate long subjects. */
    private static final int MAX_SUBJECT = 150;

    private static final String FONT = "font-family:Segoe UI,Arial,sans-serif;";
    private static final String APPROVE_COLOR = "#1a7f37";
    private static final String REJECT_COLOR = "#b42318";
    private static final String OTHER_COLOR = "#0550ae";

    @NonNull
    String subject() {
        String line = OneLine.shortened(question.subject(), MAX_SUBJECT);
        if (reminder) {
            line = Messages.QuestionMail_reminder(line);
        }
        return reference == null ? Messages.QuestionMail_informed(line) : reference.subject(line);
    }

    /** The plain text; null if it is to be made of the HTML, which is all that the author of the pipeline wrote. */
    @CheckForNull
    String text() {
        if (question.text() == null && words != null) {
            return null;
        }
        List<String> blocks = new ArrayList<>();
        blocks.add(lead());
        blocks.add(question.subject());
        if (question.text() != null) {
            blocks.add(question.text());
        }
        StringBuilder facts = new StringBuilder();
        facts().forEach((name, value) ->
                facts.append(name).append(": ").append(value).append('\n'));
        blocks.add(facts.toString().stripTrailing());
        if (!question.parameters().isEmpty()) {
            blocks.add(valuesLead() + "\n" + String.join("\n", values()));
        }
        blocks.addAll(howTo());
        if (page != null) {
            String where =
                    question.pageOnly() == null && byMail ? Messages.QuestionMail_page() : Messages.QuestionMail_open();
            blocks.add(where + "\n" + page);
        }
        return String.join("\n\n", blocks) + "\n";
    }

    private String lead() {
        if (reference == null) {
            return Messages.QuestionMail_leadInformed(askedWhom);
        }
        return reminder
                ? Messages.QuestionMail_leadReminder(question.words())
                : Messages.QuestionMail_lead(question.words());
    }

    private Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(Messages.QuestionMail_build(), build);
        facts.put(Messages.QuestionMail_until(), Times.shown(question.deadline()));
        if (question.required() > 1) {
            facts.put(Messages.QuestionMail_required(), Messages.QuestionMail_requiredValue(question.required()));
        }
        return facts;
    }

    private String valuesLead() {
        if (!byMail) {
            return Messages.QuestionMail_values();
        }
        return question.pageOnly() == null
                ? Messages.QuestionMail_defaults()
                : Messages.QuestionMail_pageOnly(question.pageOnly());
    }

    /** Name and default of each parameter in one line, which is therefore no choice. */
    private List<String> values() {
        return question.parameters().stream()
                .map(parameter -> parameter.getName() + ": " + value(parameter))
                .toList();
    }

    private static String value(AskedParameter parameter) {
        if (!parameter.isOptional()) {
            return Messages.QuestionMail_noDefault();
        }
        return parameter.isSecret()
                ? Messages.QuestionMail_secretDefault()
                : OneLine.shortened(OneLine.of(String.valueOf(parameter.getDefaultValue())), MAX_SUBJECT);
    }

    private List<String> howTo() {
        if (reference == null) {
            return List.of(Messages.QuestionMail_notYou());
        }
        if (!byMail) {
            return List.of(Messages.QuestionMail_inJenkins());
        }
        return List.of(
                question.pageOnly() == null
                        ? Messages.QuestionMail_reply(question.words())
                        : Messages.QuestionMail_replyToReject(question.rejection()),
                Messages.QuestionMail_personal(question.rejection()));
    }

    @NonNull
    String html() {
        StringBuilder out = new StringBuilder();
        out.append("<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"UTF-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width\">\n")
                .append("<meta name=\"color-scheme\" content=\"light dark\">\n")
                .append("<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>")
                .append(HtmlEscape.escape(question.subject()))
                .append("</title>\n<style>\n")
                .append("@media (prefers-color-scheme: dark) {\n")
                .append(".om-page { background: #1e1e1e !important; }\n")
                .append(".om-text { color: #e6e6e6 !important; }\n")
                .append(".om-dim { color: #b0b0b0 !important; }\n")
                .append(".om-rule { border-color: #4a4a4a !important; }\n")
                .append(".om-link { color: #79b8ff !important; }\n")
                .append("}\n</style>\n</head>\n<body class=\"om-page\" style=\"margin:0;padding:0\">\n")
                .append(
                        "<table role=\"presentation\" class=\"om-page\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\"")
                .append(" border=\"0\">\n<tr><td style=\"padding:20px 16px\">\n")
                .append("<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"")
                .append(" style=\"max-width:600px\">\n");
        row(out, "om-dim", "color:#57606a;font-size:14px;line-height:20px", HtmlEscape.escape(lead()));
        row(
                out,
                "om-text",
                "color:#1f2328;font-size:20px;line-height:28px;font-weight:bold;padding-top:8px",
                HtmlEscape.escape(question.subject()));
        String inner = inner();
        if (!inner.isBlank()) {
            row(out, "om-text", "color:#1f2328;font-size:15px;line-height:22px;padding-top:12px", inner);
        }
        if (reference != null) {
            buttons(out, reference);
        }
        if (!question.parameters().isEmpty()) {
            row(
                    out,
                    "om-text",
                    "color:#1f2328;font-size:14px;line-height:20px;padding-top:12px",
                    HtmlEscape.escape(valuesLead()) + "<br>\n"
                            + values().stream().map(HtmlEscape::escape).collect(Collectors.joining("<br>\n")));
        }
        facts(out);
        howTo().forEach(line -> row(
                out,
                "om-dim",
                "color:#57606a;font-size:13px;line-height:19px;padding-top:10px",
                HtmlEscape.escape(line)));
        if (page != null) {
            row(
                    out,
                    "om-dim",
                    "color:#57606a;font-size:13px;line-height:19px;padding-top:10px",
                    "<a class=\"om-link\" style=\"color:#0550ae\" href=\"" + HtmlEscape.escape(page) + "\">"
                            + HtmlEscape.escape(Messages.QuestionMail_open()) + "</a>");
        }
        return out.append("</table>\n</td></tr>\n</table>\n</body>\n</html>\n").toString();
    }

    private String inner() {
        if (words != null) {
            return Html.inner(words);
        }
        return HtmlEscape.escapeLines(Util.fixNull(question.text()));
    }

    private static void row(StringBuilder out, String style, String css, String content) {
        out.append("<tr><td class=\"")
                .append(style)
                .append("\" style=\"")
                .append(FONT)
                .append(css)
                .append("\">")
                .append(content)
                .append("</td></tr>\n");
    }

    /** One below the other, so that any number of any length fits on a phone. */
    private void buttons(StringBuilder out, Reference mine) {
        out.append("<tr><td style=\"padding-top:20px\">\n");
        if (!(byMail && question.pageOnly() == null) && page != null) {
            button(out, APPROVE_COLOR, page, Messages.QuestionMail_decide());
        }
        for (String choice : question.choices()) {
            if (byMail && (question.pageOnly() == null || choice.equals(question.rejection()))) {
                String link = Html.mailto(
                        answersTo,
                        mine.subject(Messages.QuestionMail_answer(
                                choice, OneLine.shortened(question.subject(), MAX_SUBJECT))),
                        choice);
                button(out, color(choice), link, Messages.QuestionMail_button(choice));
            }
        }
        out.append("</td></tr>\n");
    }

    private static void button(StringBuilder out, String color, String link, String words) {
        out.append("<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\">\n")
                .append("<tr><td bgcolor=\"")
                .append(color)
                .append("\" align=\"center\" style=\"border-radius:6px;mso-padding-alt:12px 20px;background-color:")
                .append(color)
                .append("\"><a href=\"")
                .append(HtmlEscape.escape(link))
                .append("\" style=\"display:inline-block;min-width:180px;padding:12px 20px;")
                .append(FONT)
                .append("font-size:16px;font-weight:bold;color:#ffffff;text-decoration:none\">")
                .append("<span style=\"color:#ffffff\">")
                .append(HtmlEscape.escape(words))
                .append("</span></a></td></tr>\n<tr><td style=\"font-size:8px;line-height:8px\">&nbsp;</td></tr>\n")
                .append("</table>\n");
    }

    /** With enough contrast to white text (WCAG 2, 4.5:1). */
    private String color(String choice) {
        if (choice.equals(question.rejection())) {
            return REJECT_COLOR;
        }
        return choice.equals(question.choices().get(0)) ? APPROVE_COLOR : OTHER_COLOR;
    }

    private void facts(StringBuilder out) {
        out.append("<tr><td style=\"padding-top:12px\">\n")
                .append(
                        "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\">\n");
        facts().forEach((name, value) -> out.append(
                        "<tr><td class=\"om-dim om-rule\" width=\"90\" valign=\"top\" style=\"")
                .append(FONT)
                .append(
                        "font-size:14px;line-height:20px;padding:6px 12px 6px 0;border-top:1px solid #d0d7de;color:#57606a\">")
                .append(HtmlEscape.escape(name))
                .append("</td><td class=\"om-text om-rule\" valign=\"top\" style=\"")
                .append(FONT)
                .append("font-size:14px;line-height:20px;padding:6px 0;border-top:1px solid #d0d7de;color:#1f2328\">")
                .append(HtmlEscape.escape(value))
                .append("</td></tr>\n"));
        out.append("</table>\n</td></tr>\n");
    }
}
