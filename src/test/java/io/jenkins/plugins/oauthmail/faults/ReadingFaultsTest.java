package io.jenkins.plugins.oauthmail.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jenkins.plugins.oauthmail.mail.ImpatientEngine;
import io.jenkins.plugins.oauthmail.mail.MailReader;
import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailChange;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import jakarta.mail.Flags;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whatever goes wrong at whatever line while mails are read, changed or looked for: everything was read, or it failed
 * and said so; nothing was removed that was not read; no position is behind a mail that nobody has seen.
 */
class ReadingFaultsTest {

    /** IMAP's lines may be long, since they hold literals; what is too long by far is for other tests. */
    private static final int ENDLESS = 1 << 20;

    private static final List<String> LOGIN = List.of("greeting", "CAPABILITY", "STARTTLS", "AUTHENTICATE", "LOGOUT");

    /** In place of a subject: what is said about mails that could not be read. */
    private static final String PROBLEMS = "(problems)";

    private static Inbox inbox;

    /** Reads or changes, and knows what may be true afterwards. */
    private abstract static class Situation {
        final String name;
        Security security = Security.NONE;

        Situation(String name) {
            this.name = name;
        }

        /** Whether faults are worth injecting there, and are not the same as in another situation. */
        boolean wants(Point point) {
            return !LOGIN.contains(point.about());
        }

        /** Before each case, with nothing tampered with. */
        void prepare() throws Exception {}

        /** @return what was found, in a form that can be compared */
        abstract Object run(MailReader reader) throws Exception;

        /**
         * @param clean what is found when nothing goes wrong
         * @param found what was found now; null for a failure
         */
        abstract void judge(Object clean, Object found, MailReader healthy, List<Violation> violations)
                throws Exception;
    }

    /** What is read must be all of it. */
    private static class Reading extends Situation {
        private final MailQuery.Builder query;
        private final boolean saving;

        Reading(String name, MailQuery.Builder query, boolean saving) {
            super(name);
            this.query = query;
            this.saving = saving;
        }

        @Override
        boolean wants(Point point) {
            return super.wants(point) || List.of("all", "STARTTLS", "login in two steps").contains(name);
        }

        MailQuery query() {
            return query.build();
        }

        @Override
        Object run(MailReader reader) throws Exception {
            return found(reader, query(), saving);
        }

        @Override
        void judge(Object clean, Object found, MailReader healthy, List<Violation> violations) throws Exception {
            if (found != null) {
                compare(mails(clean), mails(found), violations);
            }
            for (Flags flags : inbox.server.flags(Inbox.USER, "INBOX")) {
                if (flags.contains(Flags.Flag.SEEN) || flags.contains(Flags.Flag.DELETED)) {
                    violations.add(new Violation("changed by reading", "" + Arrays.asList(flags.getSystemFlags())));
                }
            }
        }
    }

    /** As the step does it: what was read is changed, and nothing else. */
    private static final class Changing extends Situation {
        private final MailChange change;
        private final List<String> without;
        private final Map<String, Map<String, Object>> read = new LinkedHashMap<>();
        private final List<String> gone = new ArrayList<>();
        private boolean selected;

        Changing(String name, MailChange change, String... without) {
            super(name);
            this.change = change;
            this.without = List.of(without);
        }

        @Override
        void prepare() {
            inbox.fill();
            inbox.server.imapTraits().rewrite(this::capable);
            read.clear();
            gone.clear();
        }

        @Override
        boolean wants(Point point) {
            if (point.about().equals("SELECT")) {
                selected = true;
            }
            return selected || super.wants(point) && List.of("delete", "move").contains(name);
        }

        private String capable(String line) {
            String said = line;
            if (line.contains("CAPABILITY")) {
                for (String one : without) {
                    said = said.replace(" " + one, "");
                }
            }
            return said;
        }

        @Override
        Object run(MailReader reader) throws Exception {
            MailQuery query = MailQuery.in("INBOX").subject("deploy").build();
            Map<String, Map<String, Object>> mails = found(reader, query, true);
            read.putAll(mails);
            List<MailId> ids = new ArrayList<>();
            for (Map<String, Object> mail : mails.values()) {
                if (Boolean.TRUE.equals(mail.get("whole"))) {
                    ids.add(new MailId((String) mail.get("id")));
                }
            }
            ImpatientEngine.change(reader, "INBOX", ids, change).forEach(id -> gone.add(id.value()));
            return Map.copyOf(read);
        }

        @Override
        void judge(Object clean, Object found, MailReader healthy, List<Violation> violations) throws Exception {
            Map<String, String> present = present();
            for (Map.Entry<String, String> mail : present.entrySet()) {
                String state = mail.getValue();
                boolean wanted = mail.getKey().startsWith("deploy");
                boolean whole = wanted
                        && read.containsKey(mail.getKey())
                        && same(mails(clean).get(mail.getKey()), read.get(mail.getKey()));
                if (!wanted && !state.equals("inbox")) {
                    violations.add(new Violation("changed another mail", mail.getKey() + ": " + state));
                }
                if (state.isEmpty() && !change.delete()) {
                    violations.add(new Violation("mail lost", mail.getKey()));
                }
                boolean removed = !state.contains("inbox") || state.contains("deleted");
                if (wanted && removed && !whole) {
                    violations.add(new Violation("removed though not read", mail.getKey() + ": " + state));
                }
                if (state.contains("done done")) {
                    violations.add(new Violation("moved twice", mail.getKey() + ": " + state));
                }
                if (wanted && found != null && !expected().contains(state) && !excused(mail.getKey())) {
                    violations.add(new Violation(
                            read.containsKey(mail.getKey()) ? "said changed, was not" : "short list as success",
                            mail.getKey() + ": " + state));
                }
            }
        }

        /** Whether it was said that it was not read, or not changed. */
        private boolean excused(String subject) {
            Map<String, Object> mail = read.get(subject);
            return mail == null
                    ? read.containsKey(PROBLEMS)
                    : !Boolean.TRUE.equals(mail.get("whole")) || gone.contains(mail.get("id"));
        }

        /** A mark is as good as a removal: what a server can do, a fault may have kept to itself. */
        private List<String> expected() {
            if (change.delete()) {
                return List.of("", "inbox deleted");
            }
            return change.moveTo() == null ? List.of("inbox seen") : List.of("done", "inbox deleted done");
        }

        private static Map<String, String> present() throws MessagingException {
            Map<String, String> present = new TreeMap<>();
            for (String subject : List.of("deploy now", "deploy later", "deploy files", "lunch")) {
                present.put(subject, "");
            }
            List<Flags> flags = inbox.server.flags(Inbox.USER, "INBOX");
            List<MimeMessage> mails = inbox.server.mails(Inbox.USER, "INBOX");
            for (int i = 0; i < mails.size(); i++) {
                String state = "inbox" + (flags.get(i).contains(Flags.Flag.DELETED) ? " deleted" : "")
                        + (flags.get(i).contains(Flags.Flag.SEEN) ? " seen" : "");
                present.merge(mails.get(i).getSubject(), state, (a, b) -> (a + " " + b).strip());
            }
            for (MimeMessage mail : inbox.server.mails(Inbox.USER, Inbox.DONE)) {
                present.merge(mail.getSubject(), "done", (a, b) -> (a + " " + b).strip());
            }
            return present;
        }
    }

    /** The position must be true, and what is before it was seen. */
    private static final class Looking extends Situation {
        private final MailQuery.Builder query;
        private final String after;
        private final List<String> wanted;

        Looking(String name, MailQuery.Builder query, String after, List<String> wanted) {
            super(name);
            this.query = query;
            this.after = after;
            this.wanted = wanted;
        }

        /** A position of an IMAP server is {@code UIDVALIDITY:UID}. */
        private static FolderPosition moved(FolderPosition position, long validity, long uid) {
            String[] numbers = position.value().split(":");
            return new FolderPosition(
                    (Long.parseLong(numbers[0]) + validity) + ":" + (Long.parseLong(numbers[1]) + uid));
        }

        private FolderPosition position(MailReader healthy) throws Exception {
            FolderPosition end = healthy.arrivals(MailQuery.inbox(), null).position();
            return switch (after) {
                case "end" -> end;
                case "two back" -> moved(end, 0, -2);
                case "other" -> new FolderPosition(moved(end, 1, 0).value().replaceAll(":.*", ":1"));
                default -> null;
            };
        }

        @Override
        Object run(MailReader reader) throws Exception {
            return reader.arrivals(query.build(), from);
        }

        private FolderPosition from;

        @Override
        void prepare() throws Exception {
            from = position(inbox.engine(security, null, false).reader());
        }

        @Override
        void judge(Object clean, Object found, MailReader healthy, List<Violation> violations) throws Exception {
            if (found == null) {
                return;
            }
            Arrivals arrivals = (Arrivals) found;
            FolderPosition end = ((Arrivals) clean).position();
            if (wanted.isEmpty() && !arrivals.position().equals(end)) {
                violations.add(new Violation("wrong position", arrivals.position() + " in place of " + end));
                return;
            }
            if (arrivals.renumbered() != ((Arrivals) clean).renumbered()) {
                violations.add(new Violation("wrong position", "renumbered: " + arrivals.renumbered()));
                return;
            }
            List<String> seen = new ArrayList<>(subjects(arrivals));
            int problems = arrivals.problems().size();
            if (!wanted.isEmpty()) {
                Arrivals next = arrivals;
                do {
                    next = healthy.arrivals(query.build(), next.position());
                    seen.addAll(subjects(next));
                } while (next.more());
            }
            List<String> missing = new ArrayList<>(wanted);
            missing.removeAll(seen);
            if (missing.size() > problems) {
                violations.add(new Violation("passed over", missing + " with position " + arrivals.position()));
            }
            if (seen.size() > seen.stream().distinct().count()) {
                violations.add(new Violation("seen twice", "" + seen));
            }
        }

        private static List<String> subjects(Arrivals arrivals) {
            return arrivals.mails().stream().map(ReceivedMail::subject).toList();
        }
    }

    private static List<Situation> situations() {
        List<Situation> situations = new ArrayList<>(List.of(
                new Reading("all", MailQuery.in("INBOX"), false),
                new Reading(
                        "search", MailQuery.in("INBOX").from(List.of("ann@example.com")).subject("deploy"), false),
                new Reading("with attachments", MailQuery.in("INBOX").hasAttachment(true), false),
                new Reading(
                        "newest since",
                        MailQuery.in("INBOX").since(Instant.parse("2026-01-01T00:00:00Z")).limit(2),
                        false),
                new Reading("saving attachments", MailQuery.in("INBOX"), true),
                new Reading("mails that cannot be described", MailQuery.in("INBOX"), true) {
                    @Override
                    void prepare() {
                        inbox.server
                                .imapTraits()
                                .rewrite(line -> line.replace("BODYSTRUCTURE (", "BODYSTRUCTURE )("));
                    }
                },
                new Reading("login in two steps", MailQuery.in("INBOX"), false) {
                    @Override
                    void prepare() {
                        inbox.server.imapTraits().initialResponse(false);
                    }
                },
                new Changing("mark seen", new MailChange(true, null, false)),
                new Changing("delete", new MailChange(false, null, true)),
                new Changing("delete without UIDPLUS", new MailChange(false, null, true), "UIDPLUS"),
                new Changing("move", new MailChange(false, Inbox.DONE, false)),
                new Changing("move without MOVE", new MailChange(false, Inbox.DONE, false), "MOVE"),
                new Changing(
                        "move without MOVE and UIDPLUS",
                        new MailChange(false, Inbox.DONE, false),
                        "MOVE",
                        "UIDPLUS"),
                new Looking("first look", MailQuery.in("INBOX"), "nothing", List.of()),
                new Looking("nothing new", MailQuery.in("INBOX"), "end", List.of()),
                new Looking("renumbered", MailQuery.in("INBOX"), "other", List.of()),
                new Looking("two new", MailQuery.in("INBOX"), "two back", List.of("deploy files", "lunch")),
                new Looking(
                        "two new, one wanted",
                        MailQuery.in("INBOX").subject("deploy"),
                        "two back",
                        List.of("deploy files")),
                new Looking("first of two new", MailQuery.in("INBOX").limit(1), "two back", List.of(
                        "deploy files", "lunch"))));
        Situation secured = new Reading("STARTTLS", MailQuery.in("INBOX"), false);
        secured.security = Security.STARTTLS;
        situations.add(secured);
        return situations;
    }

    @BeforeAll
    static void start() {
        inbox = new Inbox();
    }

    @AfterAll
    static void stop() {
        inbox.close();
    }

    @Test
    void allOfItWasReadOrItFailedAndNothingIsLost() throws Exception {
        Campaign campaign = new Campaign("IMAP");
        for (Situation situation : situations()) {
            inbox.fill();
            situation.prepare();
            FaultyLines lines = new FaultyLines();
            Object clean = situation.run(inbox.engine(situation.security, lines, false).reader());
            List<Violation> none = new ArrayList<>();
            situation.judge(clean, clean, inbox.engine(situation.security, null, false).reader(), none);
            assertEquals(List.of(), none, situation.name);
            if (Boolean.getBoolean("faults.times")) {
                lines.seen().forEach(point -> System.out.println(situation.name + " " + point));
            }
            for (Point point : lines.seen().stream().filter(situation::wants).toList()) {
                for (Fault fault : ImapFaults.at(point)) {
                    campaign.add(new Campaign.Case() {
                        @Override
                        public String id() {
                            return "IMAP/" + situation.name + "/" + point.id() + "/" + point.about() + "/"
                                    + fault.name();
                        }

                        @Override
                        public List<Violation> run() throws Exception {
                            return violations(situation, point, fault);
                        }
                    });
                }
            }
        }
        campaign.run();
    }

    private Situation last;
    private Object clean;

    private List<Violation> violations(Situation situation, Point point, Fault fault) throws Exception {
        if (last != situation) {
            inbox.server.tamperWithImap(null);
            inbox.fill();
            situation.prepare();
            clean = situation.run(inbox.engine(situation.security, null, false).reader());
            last = situation;
        }
        situation.prepare();
        List<Violation> violations = new ArrayList<>();
        Guarded guarded = new Guarded();
        FaultyLines lines = new FaultyLines(point, fault, ENDLESS);
        ImpatientEngine engine = inbox.engine(situation.security, lines, fault.how().slow());
        Object found = Guarded.run(
                () -> {
                    try {
                        return situation.run(engine.reader());
                    } catch (MailFailure failure) {
                        return null;
                    }
                },
                inbox.server::drop,
                violations);
        if (!inbox.quiet()) {
            violations.add(new Violation("connection left", "open after the end"));
        }
        situation.judge(clean, found, inbox.engine(situation.security, null, false).reader(), violations);
        inbox.quiet();
        lines.excesses().forEach(excess -> violations.add(new Violation("no deadline", excess)));
        violations.addAll(guarded.left());
        return violations;
    }

    /** By subject. */
    private static Map<String, Map<String, Object>> found(MailReader reader, MailQuery query, boolean saving)
            throws Exception {
        Map<String, Integer> saved = new TreeMap<>();
        AttachmentSink sink = (id, name, content) -> {
            saved.put(id + "/" + name, Arrays.hashCode(content.readAllBytes()));
            return name;
        };
        Map<String, Map<String, Object>> found = new LinkedHashMap<>();
        ImpatientEngine.Read read = ImpatientEngine.read(reader, query, saving ? sink : null);
        if (!read.problems().isEmpty()) {
            found.put(PROBLEMS, Map.of(PROBLEMS, read.problems()));
        }
        for (ReceivedMail mail : read.mails()) {
            Map<String, Object> map = mail.toMap();
            map.put("whole", ImpatientEngine.whole(mail));
            Map<String, Integer> files = new TreeMap<>();
            saved.forEach((path, content) -> {
                if (path.startsWith(mail.id() + "/")) {
                    files.put(path.substring(path.indexOf('/')), content);
                }
            });
            map.put("saved", files);
            for (String body : List.of("text", "html", "replyText")) {
                // Fetched with the mail around it, a body may end otherwise.
                map.computeIfPresent(body, (key, value) -> String.valueOf(value).strip());
            }
            for (Object attachment : (List<?>) map.get("attachments")) {
                if (((Map<?, ?>) attachment).get("path") == null) {
                    ((Map<?, ?>) attachment).remove("size"); // an estimate
                }
            }
            found.put(mail.subject(), map);
        }
        return found;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Map<String, Object>> mails(Object found) {
        return (Map<String, Map<String, Object>>) found;
    }

    private static void compare(
            Map<String, Map<String, Object>> clean,
            Map<String, Map<String, Object>> found,
            List<Violation> violations) {
        List<String> missing = new ArrayList<>(clean.keySet());
        missing.removeAll(found.keySet());
        if (!missing.isEmpty() && !found.containsKey(PROBLEMS)) {
            violations.add(new Violation("short list as success", "without " + missing));
        }
        found.forEach((subject, mail) -> {
            if (subject.equals(PROBLEMS)) {
                return;
            }
            if (!clean.containsKey(subject)) {
                violations.add(new Violation("more than there is", subject));
            } else if (!Boolean.FALSE.equals(mail.get("whole")) && !same(clean.get(subject), mail)) {
                violations.add(new Violation("not all of a mail", difference(clean.get(subject), mail)));
            }
        });
    }

    /** But for its number and what else a mail gets when it comes. */
    private static boolean same(Map<String, Object> one, Map<String, Object> other) {
        return difference(one, other).isEmpty();
    }

    private static String difference(Map<String, Object> one, Map<String, Object> other) {
        List<String> differences = new ArrayList<>();
        one.forEach((key, value) -> {
            boolean moving = List.of("id", "received", "flags").contains(key);
            if (!moving && !String.valueOf(value).equals(String.valueOf(other.get(key)))) {
                differences.add(key + ": " + other.get(key) + " in place of " + value);
            }
        });
        return String.join(", ", differences);
    }
}
