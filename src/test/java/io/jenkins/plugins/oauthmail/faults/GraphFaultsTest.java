package io.jenkins.plugins.oauthmail.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jenkins.plugins.oauthmail.mail.ImpatientEngine;
import io.jenkins.plugins.oauthmail.mail.MailSender;
import io.jenkins.plugins.oauthmail.mail.model.MailChange;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whatever goes wrong at whatever line of Microsoft Graph: what is read is everything or said to be missing, nothing is
 * removed that was not read, nothing is passed over, and each mail is sent once or said not to be, or nobody can know.
 */
class GraphFaultsTest {
    private static final String ANN = "ann@example.com";
    private static final String BOB = "bob@example.com";

    /** More than fits into one request of an upload, and more than is posted at once. */
    private static final int LARGE = 5_000_000;

    private static GraphInbox inbox;

    /** @param attachment its size in bytes; 0 for none */
    private record Sending(String name, boolean keepsDrafts, int attachment) {}

    private static final List<Sending> SENDING = List.of(
            new Sending("send whole", false, 0),
            new Sending("send a draft", true, 0),
            new Sending("send a draft with a small file", true, 20_000),
            new Sending("send a draft with a large file", true, LARGE));

    private static List<ReadSituation> reading() {
        return List.of(
                new Reading(inbox, "all", MailQuery.in("INBOX"), false),
                new Reading(
                        inbox,
                        "newest two with a subject",
                        MailQuery.in("INBOX").subject("deploy").limit(2),
                        false),
                new Reading(inbox, "with attachments", MailQuery.in("INBOX").hasAttachment(true), false),
                new Reading(inbox, "saving attachments", MailQuery.in("INBOX"), true),
                new Changing(inbox, "mark seen", new MailChange(true, null, false)),
                new Changing(inbox, "delete", new MailChange(false, null, true)),
                new Changing(inbox, "move", new MailChange(false, FaultyInbox.DONE, false)),
                new GraphLooking(inbox, "first look", MailQuery.in("INBOX"), "nothing", List.of()),
                new GraphLooking(inbox, "nothing new", MailQuery.in("INBOX"), "end", List.of()),
                new GraphLooking(inbox, "forgotten", MailQuery.in("INBOX"), "other", List.of()),
                new GraphLooking(inbox, "two new", MailQuery.in("INBOX"), "two back", List.of("deploy files", "lunch")),
                new GraphLooking(
                        inbox,
                        "two new, one wanted",
                        MailQuery.in("INBOX").subject("deploy"),
                        "two back",
                        List.of("deploy files")),
                new GraphLooking(
                        inbox,
                        "first of two new",
                        MailQuery.in("INBOX").limit(1),
                        "two back",
                        List.of("deploy files", "lunch")));
    }

    @BeforeAll
    static void start() {
        inbox = new GraphInbox();
        inbox.server.mailbox(ANN);
        inbox.server.mailbox(BOB);
    }

    @AfterAll
    static void stop() {
        inbox.close();
        // Its mails would take memory during all other tests.
        inbox = null;
    }

    @Test
    void losesNothingAndReportsTheTruth() throws Exception {
        Campaign campaign = new Campaign("GRAPH", 60);
        new ReadCases(inbox, "GRAPH", GraphFaults::at).addTo(campaign, reading());
        for (Sending situation : SENDING) {
            if (!Campaign.wants("GRAPH/" + situation.name() + "/")) {
                continue;
            }
            FaultyLines clean = new FaultyLines();
            assertEquals(List.of(), violations(situation, clean, GraphInbox.PATIENCE, true), situation.name());
            for (Point point : clean.seen()) {
                for (Fault fault : GraphFaults.at(point)) {
                    campaign.add(new Campaign.Case() {
                        @Override
                        public String id() {
                            return "GRAPH/" + situation.name() + "/" + point.id() + "/" + point.about() + "/"
                                    + fault.name();
                        }

                        @Override
                        public List<Violation> run() throws Exception {
                            return violations(
                                    situation,
                                    new FaultyLines(point, fault, FaultyLines.ENDLESS),
                                    fault.how().slow() ? FaultyInbox.SHORT : GraphInbox.PATIENCE,
                                    false);
                        }
                    });
                }
            }
        }
        campaign.run();
    }

    private static List<Violation> violations(Sending situation, FaultyLines lines, Duration patience, boolean clean)
            throws Exception {
        inbox.empty();
        inbox.server.graph().clear();
        List<Violation> violations = new ArrayList<>();
        Guarded guarded = new Guarded();
        ImpatientEngine engine = inbox.engine(lines, patience, situation.keepsDrafts());
        SentCase sent;
        try (MailSender sender = engine.sender()) {
            sent = Guarded.run(() -> send(situation, sender), inbox::drop, violations);
        }
        inbox.quiet();
        if (sent != null) {
            SentCase.judge(inbox.server, List.of(sent), violations);
            if (clean && sent.sent() == null) {
                violations.add(new Violation("not sent", sent.failure().getMessage()));
            }
        }
        for (String recipient : List.of(ANN, BOB)) {
            for (MimeMessage mail : inbox.server.mails(recipient, "INBOX")) {
                List<Integer> expected = situation.attachment() == 0 ? List.of() : List.of(situation.attachment());
                if (!attachments(mail).equals(expected)) {
                    violations.add(new Violation("wrong attachments", attachments(mail) + " bytes"));
                }
            }
        }
        lines.excesses().forEach(excess -> violations.add(new Violation("no deadline", excess)));
        violations.addAll(guarded.left());
        return violations;
    }

    private static SentCase send(Sending situation, MailSender sender) throws InterruptedException {
        List<String> recipients = List.of(ANN, BOB);
        List<OutgoingMail.Attachment> attachments = new ArrayList<>();
        if (situation.attachment() > 0) {
            byte[] content = new byte[situation.attachment()];
            attachments.add(
                    new OutgoingMail.Attachment("log.bin", content.length, () -> new ByteArrayInputStream(content)));
        }
        try {
            return new SentCase(
                    "mail",
                    recipients,
                    sender.send(ImpatientEngine.mail("mail", FaultyInbox.USER, recipients, attachments)),
                    null);
        } catch (MailFailure failure) {
            return new SentCase("mail", recipients, null, failure);
        }
    }

    /** The sizes in bytes. */
    private static List<Integer> attachments(MimeMessage mail) throws MessagingException, IOException {
        List<Integer> sizes = new ArrayList<>();
        if (mail.getContent() instanceof Multipart parts) {
            for (int i = 0; i < parts.getCount(); i++) {
                if (parts.getBodyPart(i).getFileName() != null) {
                    sizes.add(parts.getBodyPart(i).getInputStream().readAllBytes().length);
                }
            }
        }
        return sizes;
    }
}
