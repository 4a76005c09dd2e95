package io.jenkins.plugins.oauthmail.mail.model;

import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Checks the components of a {@link MailQuery}. */
final class QueryRules {

    /** IMAP dates have four-digit years (RFC 9051 section 9), and the search starts one day early. */
    private static final Instant EARLIEST = Instant.parse("0001-01-02T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    /** Common servers accept command lines of up to 8 KiB, and each text occurs twice in a command. */
    private static final int MAX_TEXTS = 20;

    private static final int MAX_TEXT_LENGTH = 150;

    private static final int MAX_IDS = 500;

    /** Names of header fields that IMAP takes unquoted; others could be read as commands. */
    private static final Pattern FIELD = Pattern.compile("\\*|[!#$&'+,./0-9;<=>?@A-Z^_`a-z|}~-]{1,100}");

    private QueryRules() {}

    static void since(Instant since) {
        if (since != null && (since.isBefore(EARLIEST) || since.isAfter(LATEST))) {
            throw new IllegalArgumentException(Messages.QueryRules_since(since));
        }
    }

    /** Returns null for an empty value. */
    static String text(String component, String value) {
        if (value == null || value.isEmpty()) {
            return null;
        }
        if (OneLine.hasControls(value)) {
            throw new IllegalArgumentException(Messages.QueryRules_control(component));
        }
        return value;
    }

    static List<String> texts(String component, List<String> values) {
        List<String> texts = new ArrayList<>();
        for (String value : values) {
            String text = text(component, value);
            if (text != null) {
                texts.add(text);
            }
        }
        if (texts.size() > MAX_TEXTS
                || texts.size() > 1 && texts.stream().anyMatch(text -> text.length() > MAX_TEXT_LENGTH)) {
            throw new IllegalArgumentException(Messages.QueryRules_texts(component, MAX_TEXTS, MAX_TEXT_LENGTH));
        }
        return List.copyOf(texts);
    }

    static List<String> messageIds(List<String> values) {
        List<String> ids = new ArrayList<>();
        for (String value : values) {
            String id = value == null ? "" : value.strip();
            if (id.isEmpty()) {
                continue;
            }
            ids.add(MessageId.parse(id)
                    .orElseThrow(
                            () -> new IllegalArgumentException(Messages.QueryRules_messageId(QuotedText.clean(id))))
                    .value());
        }
        if (ids.size() > MailQuery.MAX_MESSAGE_IDS) {
            throw new IllegalArgumentException(Messages.QueryRules_messageIds(MailQuery.MAX_MESSAGE_IDS));
        }
        return List.copyOf(ids);
    }

    static List<MailId> ids(List<MailId> values) {
        if (values.size() > MAX_IDS) {
            throw new IllegalArgumentException(Messages.QueryRules_ids(MAX_IDS));
        }
        return List.copyOf(values);
    }

    static List<String> headers(List<String> values) {
        for (String value : values) {
            if (value == null || !FIELD.matcher(value).matches()) {
                throw new IllegalArgumentException(Messages.QueryRules_header(QuotedText.clean(String.valueOf(value))));
            }
        }
        if (values.size() > MAX_TEXTS) {
            throw new IllegalArgumentException(Messages.QueryRules_headers(MAX_TEXTS));
        }
        return List.copyOf(values);
    }
}
