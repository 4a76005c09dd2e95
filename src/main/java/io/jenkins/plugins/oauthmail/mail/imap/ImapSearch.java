package io.jenkins.plugins.oauthmail.mail.imap;

import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.eclipse.angus.mail.iap.Argument;

/**
 * The SEARCH command (RFC 3501 section 6.4.4) for a {@link MailQuery}, or several of them of which each finds a part. They
 * never find less than what is wanted.
 */
public final class ImapSearch {

    /** The longest command lines of common servers have 8 KiB, and each of these stands there twice. */
    private static final int MESSAGE_IDS_AT_ONCE = 20;

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d-MMM-yyyy", Locale.ENGLISH);

    private final MailQuery query;
    /** A sequence set of UIDs to search; null for the whole folder. */
    private final String uids;

    private final long firstUid;
    private final long lastUid;

    private ImapSearch(MailQuery query, String uids, long firstUid, long lastUid) {
        this.query = query;
        this.uids = uids;
        this.firstUid = firstUid;
        this.lastUid = lastUid;
    }

    /** @param uids of the mails to search; none for the whole folder */
    static ImapSearch among(MailQuery query, long... uids) {
        return new ImapSearch(query, uids.length == 0 ? null : SequenceSet.set(uids), 1, FolderState.MAX_NUMBER);
    }

    /** Searches the mails from one UID to another, both included. */
    static ImapSearch between(MailQuery query, long firstUid, long lastUid) {
        return new ImapSearch(query, firstUid + ":" + lastUid, firstUid, lastUid);
    }

    /** Whether a mail that the server has found is among those that it was asked about. */
    boolean covers(long uid) {
        return uid >= firstUid && uid <= lastUid;
    }

    /** Without a condition there is nothing to ask the server. */
    boolean needed() {
        return uids != null
                || query.unseen()
                || query.since() != null
                || texts().findAny().isPresent();
    }

    /** The command's name, with the charset if the texts need one. */
    String command() {
        return texts().allMatch(ImapSearch::ascii) ? "SEARCH" : "SEARCH CHARSET UTF-8";
    }

    private Stream<String> texts() {
        return Stream.of(
                        query.from().stream(),
                        query.to().stream(),
                        query.repliesTo().stream(),
                        Stream.ofNullable(query.subject()),
                        Stream.ofNullable(query.text()))
                .flatMap(texts -> texts);
    }

    /** Those of each command; one is enough unless the query names many messages. */
    List<Argument> arguments() {
        List<String> ids = query.repliesTo();
        List<Argument> commands = new ArrayList<>();
        int from = 0;
        do {
            int to = Math.min(ids.size(), from + MESSAGE_IDS_AT_ONCE);
            commands.add(arguments(ids.subList(from, to)));
            from = to;
        } while (from < ids.size());
        return commands;
    }

    private Argument arguments(List<String> repliesTo) {
        Argument arguments = new Argument();
        if (uids != null) {
            arguments.writeAtom("UID").writeAtom(uids);
        }
        if (query.unseen()) {
            arguments.writeAtom("UNSEEN");
        }
        // The keys FROM and TO look at display names only on Exchange.
        anyOf(arguments, headers(query.from(), "FROM"));
        anyOf(arguments, headers(query.to(), "TO", "CC"));
        anyOf(arguments, headers(repliesTo, "IN-REPLY-TO", "REFERENCES"));
        if (query.subject() != null) {
            arguments.writeAtom("SUBJECT").writeString(query.subject(), StandardCharsets.UTF_8);
        }
        if (query.text() != null) {
            arguments.writeAtom("BODY").writeString(query.text(), StandardCharsets.UTF_8);
        }
        if (query.since() != null) {
            // Servers compare days, in a time zone of their own; one day more covers them all, the rest is for us.
            LocalDate day = LocalDate.ofInstant(query.since(), ZoneOffset.UTC).minusDays(1);
            arguments.writeAtom("SINCE").writeAtom(DAY.format(day));
        }
        return arguments;
    }

    private static List<Argument> headers(List<String> texts, String... fields) {
        List<Argument> keys = new ArrayList<>();
        for (String text : texts) {
            for (String field : fields) {
                keys.add(new Argument().writeAtom("HEADER").writeAtom(field).writeString(text, StandardCharsets.UTF_8));
            }
        }
        return keys;
    }

    /** OR takes two keys, so each but the last has an OR in front. */
    private static void anyOf(Argument arguments, List<Argument> keys) {
        for (int i = 0; i < keys.size(); i++) {
            if (i < keys.size() - 1) {
                arguments.writeAtom("OR");
            }
            arguments.append(keys.get(i));
        }
    }

    private static boolean ascii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }
}
