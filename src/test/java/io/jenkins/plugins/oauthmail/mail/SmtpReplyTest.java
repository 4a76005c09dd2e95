package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import io.jenkins.plugins.oauthmail.testing.FakeTime;
import io.jenkins.plugins.oauthmail.testing.mail.OnBothServers;
import io.jenkins.plugins.oauthmail.testing.mail.ScriptedSmtpServer;
import io.jenkins.plugins.oauthmail.testing.mail.ScriptedSmtpServer.Fault;
import io.jenkins.plugins.oauthmail.testing.mail.ScriptedSmtpServer.Manner;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each command with each kind of reply. What is said to be delivered was delivered once, what is said not to be was not,
 * and what may be either is said to be so, and not tried again.
 */
@OnBothServers
@Timeout(120)
class SmtpReplyTest {

    private static final String A = "a@example.com";
    private static final String B = "b@example.com";

    /** How a mail to A and B ends. */
    private enum End {
        /** Both have it. */
        BOTH,
        /** A has it, B was refused. */
        ONE,
        /** Nobody has it. */
        NOBODY,
        /** Nobody can know. */
        UNKNOWN,
        /** Unknown, or what is said is true, as the server is faster or slower. */
        UNKNOWN_OR_TRUE
    }

    private enum Way {
        /** One command after the other. */
        LOCKSTEP,
        /** The envelope and DATA together. */
        PIPELINED,
        /** All in one. */
        CHUNKED
    }

    /** Kinds of reply by name. */
    private static final Map<String, Fault> KINDS = Map.ofEntries(
            kind("1yz", Manner.REPLY, "150 wait"),
            kind("2yz", Manner.REPLY, "251 2.0.0 so be it"),
            kind("3yz", Manner.REPLY, "334 tell me more"),
            kind("4yz", Manner.REPLY, "451 4.3.0 later"),
            kind("5yz", Manner.REPLY, "554 5.7.1 no"),
            kind("6yz", Manner.REPLY, "654 what"),
            kind("word", Manner.REPLY, "hello"),
            kind("empty", Manner.REPLY, ""),
            kind("long code", Manner.REPLY, "2500 fine"),
            kind("changing code", Manner.REPLY, "250-fine\r\n554 no"),
            kind("endless", Manner.REPLY, "250-fine\r\n".repeat(10_000) + "250 fine"),
            kind("one more", Manner.EXTRA, "250 2.0.0 and more"),
            kind("one more, no", Manner.EXTRA, "554 5.0.0 or not"),
            kind("one more, go", Manner.EXTRA, "354 go"),
            kind("silence", Manner.SILENT, ""),
            kind("end", Manner.CLOSE, ""),
            kind("421, end", Manner.REPLY_AND_CLOSE, "421 4.3.2 closing"),
            kind("421", Manner.REPLY, "421 4.3.2 closing"));

    private static Map.Entry<String, Fault> kind(String name, Manner manner, String text) {
        return Map.entry(name, new Fault(name, manner, text, false));
    }

    /** Behind the kind: MAIL, RCPT for B, DATA, the dot; then MAIL, RCPT for B and BDAT where all go together. */
    private static final List<String> TABLE = List.of(
            "1yz            | NOBODY NOBODY NOBODY UNKNOWN | UNKNOWN UNKNOWN UNKNOWN",
            "2yz            | BOTH   BOTH   NOBODY BOTH    | BOTH    BOTH    BOTH",
            "3yz            | NOBODY NOBODY NOBODY UNKNOWN | UNKNOWN UNKNOWN UNKNOWN",
            // The second try of all in one comes later, so that the envelope goes ahead and DATA takes the place of
            // BDAT.
            "4yz            | NOBODY ONE    NOBODY NOBODY  | NOBODY  ONE     BOTH",
            "5yz            | NOBODY ONE    NOBODY NOBODY  | NOBODY  ONE     NOBODY",
            "6yz            | NOBODY NOBODY NOBODY UNKNOWN | UNKNOWN UNKNOWN UNKNOWN",
            "word           | NOBODY NOBODY NOBODY UNKNOWN | UNKNOWN UNKNOWN UNKNOWN",
            "empty          | NOBODY NOBODY NOBODY UNKNOWN | UNKNOWN UNKNOWN UNKNOWN",
            "long code      | NOBODY NOBODY NOBODY UNKNOWN | UNKNOWN UNKNOWN UNKNOWN",
            "changing code  | NOBODY NOBODY NOBODY UNKNOWN | UNKNOWN UNKNOWN UNKNOWN",
            "endless        | NOBODY NOBODY NOBODY UNKNOWN | UNKNOWN UNKNOWN UNKNOWN",
            "one more       | NOBODY NOBODY NOBODY UNKNOWN | UNKNOWN UNKNOWN UNKNOWN",
            "one more, no   | NOBODY NOBODY NOBODY UNKNOWN | UNKNOWN UNKNOWN UNKNOWN",
            "one more, go   | NOBODY NOBODY NOBODY UNKNOWN | UNKNOWN UNKNOWN UNKNOWN",
            "silence        | NOBODY NOBODY NOBODY UNKNOWN | UNKNOWN UNKNOWN UNKNOWN",
            "end            | NOBODY NOBODY NOBODY UNKNOWN | UNKNOWN UNKNOWN UNKNOWN",
            "421, end       | NOBODY NOBODY NOBODY NOBODY  | UNKNOWN UNKNOWN NOBODY",
            "421            | NOBODY ONE    NOBODY NOBODY  | NOBODY  ONE     NOBODY");

    private static Stream<Arguments> cells() {
        List<Arguments> cells = new ArrayList<>();
        for (String row : TABLE) {
            String[] parts = row.split("\\|");
            String[] dotted = parts[1].trim().split(" +");
            String[] counted = parts[2].trim().split(" +");
            String kind = parts[0].trim();
            for (Way way : Way.values()) {
                String[] commands = way == Way.CHUNKED
                        ? new String[] {"MAIL", "RCPT TO:<b", "BDAT"}
                        : new String[] {"MAIL", "RCPT TO:<b", "DATA", "."};
                String[] ends = way == Way.CHUNKED ? counted : dotted;
                for (int i = 0; i < commands.length; i++) {
                    // A go-ahead too early is told from the right one only if that has come before the dot is said.
                    boolean race = way == Way.PIPELINED && i == 1 && kind.equals("one more, go");
                    End end = race ? End.UNKNOWN_OR_TRUE : End.valueOf(ends[i]);
                    cells.add(Arguments.of(way, commands[i], kind, end));
                }
            }
        }
        return cells.stream();
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @MethodSource("cells")
    void reportsTheTrueFateOfAMessage(Way way, String command, String kind, End expected) throws Exception {
        Fault fault = KINDS.get(kind);
        boolean refusal = fault.text().startsWith("4") || fault.text().startsWith("5");
        for (boolean carriedOut : refusal ? new boolean[] {false} : new boolean[] {true, false}) {
            if (kind.equals("2yz") && !carriedOut) {
                continue;
            }
            check(way, new Fault(command, fault.manner(), fault.text(), carriedOut), expected);
        }
    }

    private static void check(Way way, Fault fault, End expected) throws Exception {
        FakeTime time = new FakeTime();
        boolean silent = fault.manner() == Manner.SILENT;
        boolean end = fault.start().equals(".") || fault.start().equals("BDAT");
        Duration longer = Duration.ofMinutes(1);
        // A slow machine must not look like a silent server where it matters how far the conversation came.
        Duration command = silent && !end ? Duration.ofMillis(200) : longer;
        Duration receipt = silent && end ? Duration.ofSeconds(2) : longer;
        Timeouts timeouts = new Timeouts(60_000, 60_000, 60_000, longer, longer, command, receipt);
        try (ScriptedSmtpServer server = new ScriptedSmtpServer(fault, way != Way.LOCKSTEP, way == Way.CHUNKED);
                MailSender sender = new MailSender(mailbox(server, time), timeouts, time, 2)) {
            String what = fault + " " + server.heard();
            SentMail sent = null;
            MailFailure failure = null;
            try {
                sent = sender.send(new Draft().to(A, B).mail());
            } catch (MailFailure e) {
                failure = e;
            }
            what += failure == null ? sent : failure.getMessage();
            List<String> delivered = List.copyOf(server.delivered());
            assertEquals(delivered.stream().distinct().toList(), delivered, what);
            switch (expected) {
                case BOTH -> {
                    assertEquals(List.of(A, B), sent == null ? null : sent.accepted(), what);
                    assertEquals(List.of(A, B), delivered, what);
                }
                case ONE -> {
                    assertEquals(List.of(A), sent == null ? null : sent.accepted(), what);
                    assertEquals(List.of(A), delivered, what);
                }
                case NOBODY -> {
                    assertTrue(failure != null && !failure.fateUnknown(), what);
                    assertEquals(List.of(), delivered, what);
                }
                case UNKNOWN_OR_TRUE -> {
                    if (failure == null) {
                        assertEquals(sent.accepted(), delivered, what);
                    } else {
                        assertTrue(failure.fateUnknown() || delivered.isEmpty(), what);
                    }
                }
                case UNKNOWN -> {
                    assertTrue(failure != null && failure.fateUnknown(), what);
                    assertFalse(failure.temporary(), what);
                    assertEquals(
                            1,
                            server.heard().stream()
                                    .filter(line -> line.startsWith("MAIL"))
                                    .count(),
                            what);
                }
            }
        }
    }

    private static Mailbox mailbox(ScriptedSmtpServer server, FakeTime time) {
        return new Mailbox(
                MailRig.USER,
                server.endpoint(),
                server.endpoint(),
                () -> new AccessToken(MailRig.SHORT, time.now().plusSeconds(3600)),
                0);
    }

    /** It offers BDAT, and stalls when it is taken at its word. */
    @Test
    void sendsToExchangeWithDataPipelinedAfterTheEnvelope() throws Exception {
        FakeTime time = new FakeTime();
        Fault none = new Fault("no such command", Manner.REPLY, "", true);
        String greeting = "220 AM0PR01.outlook.office365.com Microsoft ESMTP MAIL Service ready at Sat, 28 Nov 2026";
        for (String said : List.of(greeting, greeting.toUpperCase(Locale.ROOT), "220-hello\r\n" + greeting)) {
            try (ScriptedSmtpServer server = new ScriptedSmtpServer(none, true, true, said);
                    MailSender sender = new MailSender(mailbox(server, time), Timeouts.DEFAULT, time, 2)) {
                sender.send(new Draft().to(A).mail());
                assertEquals(List.of(A), server.delivered());
                assertTrue(server.heard().contains("DATA"), server.heard().toString());
                assertFalse(
                        server.heard().stream().anyMatch(line -> line.startsWith("BDAT")),
                        server.heard().toString());
            }
        }
    }

    /** Nothing was waited for when it came, but whatever is said next would be judged by it. */
    @Test
    void doesNotReuseAConnectionWithUnexpectedReplies() throws Exception {
        FakeTime time = new FakeTime();
        Fault fault = new Fault("RSET", Manner.EXTRA, "250 2.0.0 again", true);
        try (ScriptedSmtpServer server = new ScriptedSmtpServer(fault, true, true);
                MailSender sender = new MailSender(mailbox(server, time), Timeouts.DEFAULT, time, 2)) {
            sender.send(new Draft().to(A).mail());
            sender.send(new Draft().to(B).mail());
            assertEquals(List.of(A, B), server.delivered());
        }
    }
}
