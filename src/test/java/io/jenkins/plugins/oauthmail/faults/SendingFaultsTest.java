package io.jenkins.plugins.oauthmail.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jenkins.plugins.oauthmail.faults.Fault.How;
import io.jenkins.plugins.oauthmail.mail.ImpatientEngine;
import io.jenkins.plugins.oauthmail.mail.MailSender;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import io.jenkins.plugins.oauthmail.testing.TestCa;
import io.jenkins.plugins.oauthmail.testing.mail.MailServerFake;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whatever goes wrong at whatever line while mails are sent: each recipient gets a mail once and it is reported sent, or
 * does not and it is reported not sent, or nobody can know and that is reported.
 */
class SendingFaultsTest {

    private static final String USER = "build@example.com";
    private static final String TOKEN = "token-0123456789";
    private static final String ANN = "ann@example.com";
    private static final String BOB = "bob@example.com";
    private static final String CLEO = "cleo@example.com";
    private static final String NOBODY = "nobody@example.com";
    private static final List<String> EVERYBODY = List.of(ANN, BOB, CLEO, NOBODY);

    private static final Duration SHORT = Duration.ofMillis(250);
    private static final Duration LONG = Duration.ofSeconds(4);

    private static final int CASES_OF_A_SERVER = 200;

    private static MailServerFake server;
    private static int cases;
    private static SSLContext before;

    /**
     * Some mails one after the other from one sender.
     *
     * @param traits how the server is
     * @param recipients of each mail
     * @param rest how much time passes between them
     */
    private record Situation(
            String name,
            Security security,
            String token,
            Consumer<MailServerFake> traits,
            List<List<String>> recipients,
            boolean attachment,
            Duration rest) {

        Situation(String name, Consumer<MailServerFake> traits, List<List<String>> recipients) {
            this(name, Security.NONE, TOKEN, traits, recipients, false, Duration.ZERO);
        }
    }

    private static final Consumer<MailServerFake> PLAIN = server -> {};
    private static final Consumer<MailServerFake> ONE_BY_ONE =
            server -> server.smtpTraits().pipelining(false);
    private static final Consumer<MailServerFake> CHUNKING =
            server -> server.smtpTraits().chunking(true);
    private static final List<String> ONE = List.of(ANN);
    private static final List<String> THREE = List.of(ANN, BOB, CLEO);

    private static final List<Situation> SITUATIONS = List.of(
            new Situation("one recipient", PLAIN, List.of(ONE)),
            new Situation("three recipients", PLAIN, List.of(THREE)),
            new Situation("one of two refused", PLAIN, List.of(List.of(NOBODY, ANN))),
            new Situation("attachment", Security.NONE, TOKEN, PLAIN, List.of(ONE), true, Duration.ZERO),
            new Situation("one by one", ONE_BY_ONE, List.of(THREE)),
            new Situation("chunking", CHUNKING, List.of(ONE)),
            new Situation("chunking to three", CHUNKING, List.of(THREE)),
            new Situation("chunking, one of two refused", CHUNKING, List.of(List.of(ANN, NOBODY))),
            new Situation("three mails", PLAIN, List.of(ONE, THREE, ONE)),
            new Situation("three mails, chunking", CHUNKING, List.of(ONE, THREE, ONE)),
            new Situation(
                    "two mails after a rest",
                    Security.NONE,
                    TOKEN,
                    CHUNKING,
                    List.of(ONE, ONE),
                    false,
                    Duration.ofSeconds(30)),
            new Situation("long token", Security.NONE, "t".repeat(900), PLAIN, List.of(ONE), false, Duration.ZERO),
            new Situation("STARTTLS", Security.STARTTLS, TOKEN, PLAIN, List.of(ONE), false, Duration.ZERO));

    @BeforeAll
    static void start() {
        before = TestCa.get().trustInThisJvm();
        renew();
    }

    /** GreenMail keeps a little of every connection for as long as it runs. */
    private static void renew() {
        if (server != null) {
            server.close();
        }
        server = new MailServerFake();
        EVERYBODY.forEach(server::mailbox);
    }

    @AfterAll
    static void stop() {
        SSLContext.setDefault(before);
        server.close();
        // Its mails would take memory during all other tests.
        server = null;
    }

    @Test
    void sendsNothingTwiceAndReportsTheTruth() throws Exception {
        Campaign campaign = new Campaign("SMTP", 60);
        for (Situation situation : SITUATIONS) {
            if (!Campaign.wants("SMTP/" + situation.name() + "/")) {
                continue;
            }
            FaultyLines clean = new FaultyLines();
            List<Violation> none = new ArrayList<>();
            List<SentCase> sent = send(situation, clean, LONG, none);
            SentCase.judge(server, sent, none);
            assertEquals(List.of(), none, situation.name());
            assertEquals(0, sent.stream().filter(one -> one.sent() == null).count(), situation.name());
            for (Point point : clean.seen()) {
                for (Fault fault : faults(point)) {
                    campaign.add(new Campaign.Case() {
                        @Override
                        public String id() {
                            return "SMTP/" + situation.name() + "/" + point.id() + "/" + point.about() + "/"
                                    + fault.name();
                        }

                        @Override
                        public List<Violation> run() throws Exception {
                            return violations(
                                    situation,
                                    new FaultyLines(point, fault, FaultyLines.ENDLESS),
                                    fault.how().slow());
                        }
                    });
                }
            }
        }
        campaign.run();
    }

    private static List<Fault> faults(Point point) {
        List<Fault> faults = new ArrayList<>();
        if (point.server()) {
            faults.addAll(Fault.ofLines());
            faults.add(new Fault("lost", How.LOST));
            faults.add(new Fault("twice", How.TWICE));
            faults.add(new Fault("extra-250", How.FIRST_SAYS, "250 2.0.0 OK"));
            faults.add(new Fault("extra-421", How.FIRST_SAYS, "421 4.3.2 Service not available"));
            if (point.about().equals("greeting")) {
                for (String reply : List.of(
                        "421 4.3.2 Service not available", "554 5.3.2 No", "354 Go", "250 OK", "432 4.3.2 Limit")) {
                    faults.add(Fault.says("says-" + reply.substring(0, 3), reply));
                }
            }
            return faults;
        }
        faults.add(new Fault("cut-unread", How.CUT_BEFORE));
        if (point.about().startsWith("(")) {
            return faults;
        }
        for (String reply : List.of(
                "421 4.3.2 Service not available",
                "432 4.3.2 Concurrent connections limit exceeded",
                "450 4.2.0 Later",
                "451 4.7.0 Timeout waiting for client input",
                "500 5.5.1 What?",
                "530 5.7.57 Client not authenticated to send mail.",
                "550 5.7.1 No",
                "550-5.7.1 No\r\n550 5.7.1 Never",
                "354 Start mail input",
                "334 ",
                "150 Wait",
                "no number")) {
            faults.addAll(Fault.instead("says-" + reply.substring(0, 4).strip(), reply));
        }
        if (!List.of("RCPT TO", ".", "BDAT").contains(point.about())) {
            // Of those it would be a lie that nobody can see through.
            faults.addAll(Fault.instead("says-250", "250 2.0.0 OK"));
        }
        faults.addAll(Fault.insteadThenCut("421-then-cut", "421 4.3.2 Service not available"));
        faults.addAll(Fault.insteadThenCut("550-then-cut", "550 5.7.1 No"));
        return faults;
    }

    private static List<Violation> violations(Situation situation, FaultyLines lines, boolean slow) throws Exception {
        if (++cases % CASES_OF_A_SERVER == 0) {
            renew();
        }
        List<Violation> violations = new ArrayList<>();
        Guarded guarded = new Guarded();
        List<SentCase> sent = send(situation, lines, slow ? SHORT : LONG, violations);
        if (sent != null) {
            SentCase.judge(server, sent, violations);
        }
        lines.excesses().forEach(excess -> violations.add(new Violation("no deadline", excess)));
        violations.addAll(guarded.left());
        return violations;
    }

    private static List<SentCase> send(
            Situation situation, FaultyLines lines, Duration patience, List<Violation> violations) throws Exception {
        server.empty();
        server.smtpTraits().pipelining(true).chunking(false);
        server.smtpScript().clear();
        server.smtpScript().reply("RCPT TO:<" + NOBODY, "550 5.1.1 Unknown");
        situation.traits().accept(server);
        server.accept(USER, situation.token());
        server.tamperWithSmtp(lines);
        Mailbox mailbox = new Mailbox(
                USER,
                server.smtp(situation.security()),
                server.imap(situation.security()),
                () -> new AccessToken(situation.token(), Instant.now().plusSeconds(36_000)),
                0);
        ImpatientEngine engine = new ImpatientEngine(mailbox, patience);
        MailSender sender = engine.sender();
        List<SentCase> sent = Guarded.run(() -> send(situation, engine, sender), () -> server.drop(), violations);
        if (sent != null && ImpatientEngine.permits(sender) != ImpatientEngine.mostPermits()) {
            violations.add(new Violation("permit left", ImpatientEngine.permits(sender) + " are free"));
        }
        sender.close();
        if (!server.quiet(Duration.ofSeconds(12))) {
            violations.add(new Violation("connection left", "open after close()"));
            server.drop();
        }
        return sent;
    }

    private static List<SentCase> send(Situation situation, ImpatientEngine engine, MailSender sender)
            throws InterruptedException {
        List<SentCase> all = new ArrayList<>();
        for (List<String> recipients : situation.recipients()) {
            String id = "mail-" + all.size();
            List<OutgoingMail.Attachment> attachments = new ArrayList<>();
            if (situation.attachment()) {
                byte[] content = new byte[20_000];
                attachments.add(new OutgoingMail.Attachment(
                        "log.bin", content.length, () -> new ByteArrayInputStream(content)));
            }
            try {
                SentMail sent = sender.send(ImpatientEngine.mail(id, USER, recipients, attachments));
                all.add(new SentCase(id, recipients, sent, null));
            } catch (MailFailure failure) {
                all.add(new SentCase(id, recipients, null, failure));
            }
            engine.rest(situation.rest());
        }
        return all;
    }
}
