package io.jenkins.plugins.oauthmail.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jenkins.plugins.oauthmail.mail.ImpatientEngine;
import io.jenkins.plugins.oauthmail.mail.model.MailChange;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
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

    /** IMAP's lines may be long, since they hold literals; what is too long by far is for other tests. */
    private static final int ENDLESS = 1 << 20;

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
    }

    @Test
    void readsEverythingOrFailsWithoutLosingAnything() throws Exception {
        Campaign campaign = new Campaign("IMAP", 60);
        for (ReadSituation situation : situations()) {
            if (!Campaign.wants("IMAP/" + situation.name + "/")) {
                continue;
            }
            inbox.fill();
            situation.prepare();
            FaultyLines lines = new FaultyLines();
            Object clean =
                    situation.run(inbox.engine(situation.security, lines, false).reader());
            List<Violation> none = new ArrayList<>();
            situation.judge(
                    clean, clean, inbox.engine(situation.security, null, false).reader(), none);
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

    private ReadSituation last;
    private Object clean;

    private List<Violation> violations(ReadSituation situation, Point point, Fault fault) throws Exception {
        boolean renewed = inbox.next();
        if (last != situation || renewed) {
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
        ImpatientEngine engine =
                inbox.engine(situation.security, lines, fault.how().slow());
        Object found = Guarded.run(
                () -> {
                    try {
                        return situation.run(engine.reader());
                    } catch (MailFailure failure) {
                        return null;
                    }
                },
                () -> inbox.server.drop(),
                violations);
        if (!inbox.quiet()) {
            violations.add(new Violation("connection left", "open after the end"));
        }
        situation.judge(
                clean, found, inbox.engine(situation.security, null, false).reader(), violations);
        inbox.quiet();
        lines.excesses().forEach(excess -> violations.add(new Violation("no deadline", excess)));
        violations.addAll(guarded.left());
        return violations;
    }
}
