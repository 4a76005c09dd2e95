package io.jenkins.plugins.oauthmail.mail.imap;

import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.received.QueryMatcher;
import io.jenkins.plugins.oauthmail.mail.received.ReceivedHeaders;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.iap.Argument;

/**
 * The SEARCH commands (RFC 3501 section 6.4.4) for a {@link MailQuery}. Servers differ in what matches, so the commands
 * only contain what certainly holds for every matching message. They may find more messages than match, but never
 * fewer; {@code QueryMatcher} checks the rest. In detail:
 *
 * <ul>
 * <li>UNSEEN and UID are used as they are; SINCE starts one day early, because servers compare whole days.
 * <li>SUBJECT and BODY search for each word of the text separately, because white space may differ between what was
 * written, sent and stored. In bodies, Exchange apart, words consist of letters and digits only, as there may be markup
 * between others; a server that searches the source of HTML does not find words with markup or entities within.
 * <li>A person is searched for with one word of the name or address, both in names (FROM, TO, CC), which Exchange has
 * decoded, and in header fields, which contain the addresses. Messages without a stored header, such as those in Sent
 * Items of Exchange, are always found.
 * <li>One command contains at most {@link ExchangeQuirks#MAX_SEARCH_KEYS} alternatives; more are split among several commands, whose results
 * are combined.
 * <li>Instead of searching for many message IDs, {@link ImapFolder} fetches the fields that contain them, if that takes
 * fewer commands.
 * <li>If a server only supports US-ASCII, words with other characters are not searched for.
 * </ul>
 */
public final class ImapSearch {

    /** Angus sends longer texts, and those with these characters, as literals. */
    private static final int MAX_QUOTED = 1024;

    private static final Pattern LITERAL = Pattern.compile("[\\r\\n\\x00]");

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d-MMM-yyyy", Locale.ENGLISH);

    private final MailQuery query;
    /** The UIDs to search as a sequence set; null for the whole folder. */
    private final String uids;

    private final long firstUid;
    private final long lastUid;

    private ImapSearch(MailQuery query, String uids, long firstUid, long lastUid) {
        this.query = query;
        this.uids = uids;
        this.firstUid = firstUid;
        this.lastUid = lastUid;
    }

    /** @param uids UIDs of the messages to search; none for the whole folder */
    static ImapSearch among(MailQuery query, long... uids) {
        return new ImapSearch(query, uids.length == 0 ? null : SequenceSet.set(uids), 1, FolderState.MAX_NUMBER);
    }

    /** Searches the messages from one UID to another, both included. */
    static ImapSearch between(MailQuery query, long firstUid, long lastUid) {
        return new ImapSearch(query, firstUid + ":" + lastUid, firstUid, lastUid);
    }

    /** The same search, for messages up to a UID only. */
    ImapSearch upTo(long uid) {
        return new ImapSearch(query, uids, firstUid, Math.min(uid, lastUid));
    }

    /** The same search without the condition on message IDs. */
    ImapSearch withoutIds() {
        return new ImapSearch(query.toBuilder().repliesTo(List.of()).build(), uids, firstUid, lastUid);
    }

    /** How many commands the condition on message IDs takes: more than the two that most searches take, or 0. */
    int commandsForManyIds() {
        int keys = QueryMatcher.ID_FIELDS.size() * query.repliesTo().size() + 1;
        int commands = (keys + ExchangeQuirks.MAX_SEARCH_KEYS - 1) / ExchangeQuirks.MAX_SEARCH_KEYS;
        return commands > 2 ? commands : 0;
    }

    /** Whether a header that contains the fields of message IDs names one of those that are searched for. */
    boolean namesAnId(ReceivedHeaders headers) {
        return QueryMatcher.answers(headers, query.repliesTo());
    }

    /** Whether the UID of a found message is among those that are searched. */
    boolean covers(long uid) {
        return uid >= firstUid && uid <= lastUid;
    }

    /** The highest UID to search; the highest possible one for the whole folder. */
    long lastUid() {
        return lastUid;
    }

    /** The lowest UID to search. */
    long firstUid() {
        return firstUid;
    }

    /** Whether every message of the folder is found and matches. */
    boolean findsAll() {
        return uids == null && query.matchesAll();
    }

    /**
     * Whether some servers cannot search for one of the conditions, so that many of the messages found do not match.
     */
    boolean leavesMuchUnchecked() {
        return new Plan(true)
                .conditions().stream().anyMatch(condition -> condition.keys().isEmpty());
    }

    /**
     * How to search for a text, or for one of several texts.
     *
     * @param keys search keys; empty if the server cannot search for the text
     * @param any whether a matching message has one of the keys; otherwise, it has all of them
     * @param inBody whether the body is searched
     */
    private record Condition(List<Argument> keys, boolean any, boolean inBody) {

        /** Whether all its keys are part of every command. */
        boolean isCommon(boolean bodies) {
            return !any && (bodies || !inBody) && !keys.isEmpty();
        }
    }

    /** @param asciiOnly whether the server only supports US-ASCII */
    Plan plan(boolean asciiOnly) {
        return new Plan(asciiOnly);
    }

    /** The commands for one kind of server. */
    final class Plan {
        private final boolean asciiOnly;
        private boolean unicode;
        private boolean literals;

        private Plan(boolean asciiOnly) {
            this.asciiOnly = asciiOnly;
        }

        /**
         * The conditions on texts. Everything else about them follows from this list, so a new condition is only added
         * here.
         */
        private List<Condition> conditions() {
            List<Condition> all = new ArrayList<>();
            if (query.subject() != null) {
                all.add(new Condition(keys("SUBJECT", SearchWords.of(query.subject(), asciiOnly)), false, false));
            }
            if (query.text() != null) {
                all.add(new Condition(keys("BODY", SearchWords.ofBody(query.text(), asciiOnly)), false, true));
            }
            if (!query.from().isEmpty()) {
                all.add(new Condition(people(query.from(), "FROM"), true, false));
            }
            if (!query.to().isEmpty()) {
                all.add(new Condition(people(query.to(), "TO", "CC"), true, false));
            }
            if (!query.repliesTo().isEmpty()) {
                all.add(new Condition(ids(query.repliesTo(), QueryMatcher.ID_FIELDS), true, false));
            }
            return all;
        }

        /** Whether there is no condition to search for. */
        boolean isEmpty() {
            return !hasMoreThanTexts()
                    && conditions().stream()
                            .allMatch(condition -> condition.keys().isEmpty());
        }

        private boolean hasMoreThanTexts() {
            return uids != null || query.unseen() || query.since() != null;
        }

        /** Whether the commands that were made contain texts that cannot be sent in quotes. */
        boolean needsLiterals() {
            return literals;
        }

        /** Whether only a part of the folder is searched, so that the server does not leave out results. */
        boolean isNarrowed() {
            return uids != null || query.since() != null;
        }

        /** Whether texts in bodies are searched for with commands of their own, after all others. */
        boolean searchesBodiesApart(ImapConnection connection) {
            return asksForBodies() && connection.isExchange();
        }

        /** Name of the command, with a charset if one of the texts needs it. */
        String command() {
            return unicode ? "SEARCH CHARSET UTF-8" : "SEARCH";
        }

        /**
         * The commands to send. The results of the commands in one list are combined; a matching message is found by
         * every list.
         *
         * @param bodies whether to search with BODY
         */
        List<List<Argument>> commands(boolean bodies) {
            List<List<Argument>> conditions = alternatives();
            int keys = conditions.stream().mapToInt(List::size).sum();
            if (keys == 0
                    && !hasMoreThanTexts()
                    && conditions().stream().noneMatch(condition -> condition.isCommon(bodies))) {
                return List.of();
            }
            if (keys <= ExchangeQuirks.MAX_SEARCH_KEYS) {
                Argument one = common(bodies);
                conditions.forEach(condition -> anyOf(one, condition));
                return List.of(List.of(one));
            }
            List<List<Argument>> all = new ArrayList<>();
            for (List<Argument> condition : conditions) {
                List<Argument> some = new ArrayList<>();
                for (int from = 0; from < condition.size(); from += ExchangeQuirks.MAX_SEARCH_KEYS) {
                    Argument one = common(bodies);
                    anyOf(
                            one,
                            condition.subList(from, Math.min(condition.size(), from + ExchangeQuirks.MAX_SEARCH_KEYS)));
                    some.add(one);
                }
                all.add(some);
            }
            return all;
        }

        /** Whether it searches for a text in bodies. */
        boolean asksForBodies() {
            return conditions().stream()
                    .anyMatch(
                            condition -> condition.inBody() && !condition.keys().isEmpty());
        }

        /** The arguments for all conditions, including those on the body, limited to a range of UIDs, both included. */
        Argument between(long first, long last) {
            Argument arguments = new Argument().writeAtom("UID").writeAtom(first + ":" + last);
            arguments.append(common(true));
            return arguments;
        }

        private Argument common(boolean bodies) {
            Argument arguments = new Argument();
            if (uids != null) {
                arguments.writeAtom("UID").writeAtom(uids);
            }
            if (query.unseen()) {
                arguments.writeAtom("UNSEEN");
            }
            for (Condition condition : conditions()) {
                if (condition.isCommon(bodies)) {
                    condition.keys().forEach(arguments::append);
                }
            }
            if (query.since() != null) {
                // Servers compare dates in their own time zone. One day earlier covers every time zone; the exact time
                // is checked later.
                LocalDate day =
                        LocalDate.ofInstant(query.since(), ZoneOffset.UTC).minusDays(1);
                arguments.writeAtom("SINCE").writeAtom(DAY.format(day));
            }
            return arguments;
        }

        /** The alternatives for each condition. Conditions that the server cannot search for are left out. */
        private List<List<Argument>> alternatives() {
            return conditions().stream()
                    .filter(condition -> condition.any() && !condition.keys().isEmpty())
                    .map(Condition::keys)
                    .toList();
        }

        /** One key for each word. */
        private List<Argument> keys(String field, List<String> words) {
            return words.stream()
                    .map(word -> text(new Argument().writeAtom(field), word))
                    .toList();
        }

        /** Returns an empty list if the server cannot search for one of the texts. */
        private List<Argument> people(List<String> people, String... fields) {
            List<Argument> keys = new ArrayList<>();
            for (String person : people) {
                String word = SearchWords.ofPerson(person, asciiOnly);
                if (word == null) {
                    return List.of();
                }
                for (String field : fields) {
                    if (word.indexOf('@') < 0) {
                        // Some servers do not find parts of an address here.
                        keys.add(text(new Argument().writeAtom(field), word));
                    }
                    keys.add(text(new Argument().writeAtom("HEADER").writeAtom(field), word));
                }
            }
            return withoutHeader(keys);
        }

        private List<Argument> ids(List<String> ids, List<String> fields) {
            List<Argument> keys = new ArrayList<>();
            for (String id : ids) {
                for (String field : fields) {
                    keys.add(text(new Argument().writeAtom("HEADER").writeAtom(field), id));
                }
            }
            return withoutHeader(keys);
        }

        /**
         * Adds messages for which the server has no header to search: every message that was received by SMTP has a
         * sender's address.
         */
        private List<Argument> withoutHeader(List<Argument> keys) {
            if (!keys.isEmpty()) {
                keys.add(new Argument()
                        .writeAtom("NOT")
                        .writeAtom("HEADER")
                        .writeAtom("FROM")
                        .writeString("@"));
            }
            return keys;
        }

        private Argument text(Argument key, String text) {
            unicode |= !SearchWords.isAscii(text);
            literals |= unicode
                    || text.length() > MAX_QUOTED
                    || LITERAL.matcher(text).find();
            return key.writeString(text, StandardCharsets.UTF_8);
        }

        /** OR takes exactly two keys, so every key except the last is preceded by an OR. */
        private static void anyOf(Argument arguments, List<Argument> keys) {
            for (int i = 0; i < keys.size(); i++) {
                if (i < keys.size() - 1) {
                    arguments.writeAtom("OR");
                }
                arguments.append(keys.get(i));
            }
        }
    }
}
