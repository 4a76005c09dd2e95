package io.jenkins.plugins.oauthmail.faults;

import io.jenkins.plugins.oauthmail.mail.MailReader;
import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Looking by Microsoft Graph, where the same position is written in many ways. */
final class GraphLooking extends Looking {
    private final GraphInbox mailbox;
    /** In front of the position. */
    private final List<String> older;

    GraphLooking(GraphInbox inbox, String name, MailQuery.Builder query, String after, List<String> wanted) {
        super(inbox, name, query, after, wanted);
        mailbox = inbox;
        older = after.equals("end")
                ? List.of("deploy now", "deploy later", "deploy files", "lunch")
                : List.of("deploy now", "deploy later");
    }

    @Override
    void prepare() throws Exception {
        mailbox.fill();
        super.prepare();
    }

    @Override
    FolderPosition position(MailReader healthy) throws Exception {
        switch (after) {
            case "end":
                return mailbox.end();
            case "two back":
                return mailbox.midway();
            case "other":
                FolderPosition forgotten = mailbox.midway();
                mailbox.server.graph().forgetChanges();
                return forgotten;
            default:
                return null;
        }
    }

    /** Where nothing is wanted, the position must be behind all mails that were read, and before the others. */
    @Override
    void judge(Object clean, Object found, MailReader healthy, List<Violation> violations) throws Exception {
        if (found == null) {
            return;
        }
        if (!wanted.isEmpty()) {
            super.judge(clean, found, healthy, violations);
            return;
        }
        Arrivals arrivals = (Arrivals) found;
        if (arrivals.renumbered() != ((Arrivals) clean).renumbered()) {
            violations.add(new Violation("wrong position", "renumbered: " + arrivals.renumbered()));
        }
        mailbox.put("ann@example.com", "afterwards", "Content-Type: text/plain", "Now.");
        List<String> all = subjects(arrivals);
        all.addAll(subjects(healthy.arrivals(MailQuery.inbox(), arrivals.position())));
        List<String> expected = subjects((Arrivals) clean);
        expected.add("afterwards");
        // A new link begins some time before the forgotten one, whose mails may be read again.
        all.removeAll(older);
        expected.removeAll(older);
        // Those that could not be read are skipped, and said to be.
        int missing = expected.size() - all.size();
        expected.retainAll(all);
        if (!all.equals(expected) || missing > arrivals.problems().size()) {
            violations.add(new Violation("wrong position", all + " with those behind " + arrivals.position()));
        }
    }

    private static List<String> subjects(Arrivals arrivals) {
        return arrivals.mails().stream().map(ReceivedMail::subject).collect(Collectors.toCollection(ArrayList::new));
    }
}
