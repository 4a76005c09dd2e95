package io.jenkins.plugins.oauthmail.faults;

import io.jenkins.plugins.oauthmail.mail.MailReader;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import jakarta.mail.Flags;
import java.util.Arrays;
import java.util.List;

/** What is read must be all of it. */
class Reading extends ReadSituation {
    private final MailQuery.Builder query;
    private final boolean saving;

    Reading(FaultyInbox inbox, String name, MailQuery.Builder query, boolean saving) {
        super(inbox, name);
        this.query = query;
        this.saving = saving;
    }

    @Override
    boolean wants(Point point) {
        return super.wants(point)
                || List.of("all", "STARTTLS", "login in two steps").contains(name);
    }

    MailQuery query() {
        return query.build();
    }

    @Override
    Object run(MailReader reader) throws Exception {
        return ReadMails.found(reader, query(), saving);
    }

    @Override
    void judge(Object clean, Object found, MailReader healthy, List<Violation> violations) throws Exception {
        if (found != null) {
            ReadMails.compare(ReadMails.of(clean), ReadMails.of(found), violations);
        }
        for (Flags flags : inbox.server.flags(FaultyInbox.USER, "INBOX")) {
            if (flags.contains(Flags.Flag.SEEN) || flags.contains(Flags.Flag.DELETED)) {
                violations.add(new Violation("changed by reading", "" + Arrays.asList(flags.getSystemFlags())));
            }
        }
    }
}
