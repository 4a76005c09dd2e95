package io.jenkins.plugins.oauthmail.faults;

import io.jenkins.plugins.oauthmail.mail.model.MailChange;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whatever goes wrong at whatever line while mails are read, changed or looked for: everything was read, or it failed
 * and said so; nothing was removed that was not read; no position is behind a mail that nobody has seen.
 */
class ReadingFaultsTest {

    private static FaultyInbox inbox;

    private static List<ReadSituation> situations() {
        List<ReadSituation> situations = new ArrayList<>(List.of(
                new Reading(inbox, "all", MailQuery.in("INBOX"), false),
                new Reading(
                        inbox,
                        "search",
                        MailQuery.in("INBOX").from(List.of("ann@example.com")).subject("deploy"),
                        false),
                new Reading(inbox, "with attachments", MailQuery.in("INBOX").hasAttachment(true), false),
                new Reading(
                        inbox,
                        "newest since",
                        MailQuery.in("INBOX")
                                .since(Instant.parse("2026-01-01T00:00:00Z"))
                                .limit(2),
                        false),
                new Reading(inbox, "saving attachments", MailQuery.in("INBOX"), true),
                new Reading(inbox, "mails that cannot be described", MailQuery.in("INBOX"), true) {
                    @Override
                    void prepare() {
                        inbox.server.imapTraits().rewrite(line -> line.replace("BODYSTRUCTURE (", "BODYSTRUCTURE )("));
                    }
                },
                new Reading(inbox, "login in two steps", MailQuery.in("INBOX"), false) {
                    @Override
                    void prepare() {
                        inbox.server.imapTraits().initialResponse(false);
                    }
                },
                new Changing(inbox, "mark seen", new MailChange(true, null, false)),
                new Changing(inbox, "delete", new MailChange(false, null, true)),
                new Changing(inbox, "delete without UIDPLUS", new MailChange(false, null, true), "UIDPLUS"),
                new Changing(inbox, "move", new MailChange(false, FaultyInbox.DONE, false)),
                new Changing(inbox, "move without MOVE", new MailChange(false, FaultyInbox.DONE, false), "MOVE"),
                new Changing(
                        inbox,
                        "move without MOVE and UIDPLUS",
                        new MailChange(false, FaultyInbox.DONE, false),
                        "MOVE",
                        "UIDPLUS"),
                new Looking(inbox, "first look", MailQuery.in("INBOX"), "nothing", List.of()),
                new Looking(inbox, "nothing new", MailQuery.in("INBOX"), "end", List.of()),
                new Looking(inbox, "renumbered", MailQuery.in("INBOX"), "other", List.of()),
                new Looking(inbox, "two new", MailQuery.in("INBOX"), "two back", List.of("deploy files", "lunch")),
                new Looking(
                        inbox,
                        "two new, one wanted",
                        MailQuery.in("INBOX").subject("deploy"),
                        "two back",
                        List.of("deploy files")),
                new Looking(
                        inbox,
                        "first of two new",
                        MailQuery.in("INBOX").limit(1),
                        "two back",
                        List.of("deploy files", "lunch"))));
        ReadSituation secured = new Reading(inbox, "STARTTLS", MailQuery.in("INBOX"), false);
        secured.security = Security.STARTTLS;
        situations.add(secured);
        return situations;
    }

    @BeforeAll
    static void start() {
        inbox = new FaultyInbox();
    }

    @AfterAll
    static void stop() {
        inbox.close();
        // Its mails would take memory during all other tests.
        inbox = null;
    }

    @Test
    void readsEverythingOrFailsWithoutLosingAnything() throws Exception {
        Campaign campaign = new Campaign("IMAP", 60);
        new ReadCases(inbox, "IMAP", ImapFaults::at).addTo(campaign, situations());
        campaign.run();
    }
}
