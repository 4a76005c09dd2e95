package io.jenkins.plugins.oauthmail.faults;

import io.jenkins.plugins.oauthmail.mail.MailReader;
import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import java.util.ArrayList;
import java.util.List;

/** The position must be true, and what is before it was seen. */
class Looking extends ReadSituation {
    private final MailQuery.Builder query;
    final String after;
    final List<String> wanted;
    private FolderPosition from;

    Looking(FaultyInbox inbox, String name, MailQuery.Builder query, String after, List<String> wanted) {
        super(inbox, name);
        this.query = query;
        this.after = after;
        this.wanted = wanted;
    }

    /** A position of an IMAP server is {@code UIDVALIDITY-MAILBOX:UID}. */
    private static FolderPosition moved(FolderPosition position, long validity, long uid) {
        String[] parts = position.value().split("[:-]");
        return new FolderPosition(
                (Long.parseLong(parts[0]) + validity) + "-" + parts[1] + ":" + (Long.parseLong(parts[2]) + uid));
    }

    FolderPosition position(MailReader healthy) throws Exception {
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
