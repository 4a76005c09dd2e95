package io.jenkins.plugins.oauthmail.mail;

import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.testing.mail.OnBothServers;
import java.util.function.Predicate;

/** The same as {@link ArrivalsTest} for one of many who share what is fetched. */
@OnBothServers
class SharedArrivalsTest extends ArrivalsTest {
    @Override
    Arrivals look(MailQuery.Builder query, FolderPosition after, Predicate<MailId> skips) throws Exception {
        MailQuery one = query.build();
        try (FolderReader folder = rig.reader().folder(one.folder())) {
            folder.refresh(500);
            return folder.arrivals(one, after, skips);
        }
    }
}
