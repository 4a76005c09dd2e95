package io.jenkins.plugins.oauthmail.mail;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.eclipse.angus.mail.iap.Argument;

/** The SEARCH command (RFC 3501 section 6.4.4) for a {@link MailQuery}. */
final class ImapSearch {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d-MMM-yyyy", Locale.ENGLISH);

    private final MailQuery query;

    ImapSearch(MailQuery query) {
        this.query = query;
    }

    /** Without a condition there is nothing to ask the server. */
    boolean needed() {
        return query.unseen() || query.from() != null || query.subject() != null || query.since() != null;
    }

    /** How many mails are wanted at most. */
    int limit() {
        return query.limit();
    }

    /** The command's name, with the charset if the texts need one. */
    String command() {
        return ascii(query.from()) && ascii(query.subject()) ? "SEARCH" : "SEARCH CHARSET UTF-8";
    }

    Argument arguments() {
        Argument arguments = new Argument();
        if (query.unseen()) {
            arguments.writeAtom("UNSEEN");
        }
        if (query.from() != null) {
            // The key FROM looks at display names only on Exchange.
            arguments.writeAtom("HEADER").writeAtom("FROM").writeString(query.from(), StandardCharsets.UTF_8);
        }
        if (query.subject() != null) {
            arguments.writeAtom("SUBJECT").writeString(query.subject(), StandardCharsets.UTF_8);
        }
        if (query.since() != null) {
            // Servers compare days, in a time zone of their own; one day more covers them all, the rest is for us.
            LocalDate day = LocalDate.ofInstant(query.since(), ZoneOffset.UTC).minusDays(1);
            arguments.writeAtom("SINCE").writeAtom(DAY.format(day));
        }
        return arguments;
    }

    private static boolean ascii(String text) {
        return text == null || text.chars().allMatch(c -> c < 128);
    }
}
