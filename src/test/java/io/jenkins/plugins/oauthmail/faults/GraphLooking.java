package io.jenkins.plugins.oauthmail.faults;

import io.jenkins.plugins.oauthmail.mail.MailReader;
import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import java.util.List;

/** Looking by Microsoft Graph, where the same position is written in many ways. */
final class GraphLooking extends Looking {
    private final GraphInbox mailbox;

    GraphLooking(GraphInbox inbox, String name, MailQuery.Builder query, String after, List<String> wanted) {
        super(inbox, name, query, after, wanted);
        mailbox = inbox;
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

    /** Where nothing is wanted, the position must be behind all mails, and before the next one. */
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
        List<String> next = healthy.arrivals(MailQuery.inbox(), arrivals.position()).mails().stream()
                .map(ReceivedMail::subject)
                .toList();
        if (!next.equals(List.of("afterwards"))) {
            violations.add(new Violation("wrong position", next + " behind " + arrivals.position()));
        }
    }
}
