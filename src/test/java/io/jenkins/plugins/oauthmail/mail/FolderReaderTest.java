package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.FolderCheckpoint;
import io.jenkins.plugins.oauthmail.mail.model.FolderLook;
import io.jenkins.plugins.oauthmail.mail.model.MailChange;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReadResult;
import io.jenkins.plugins.oauthmail.testing.mail.ByImapAndSmtp;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import io.jenkins.plugins.oauthmail.testing.mail.Tampering;
import jakarta.mail.Flags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One of many who wait is given what it would have read by itself. */
@OnEveryServer
@Timeout(240)
class FolderReaderTest {
    private static final int MANY = 500;
    private static final Instant NOW = Instant.now();

    private final MailRig rig = new MailRig().rule(AuthenticationRule.server("mx.example.com"));
    private final List<MailQuery> queries = new ArrayList<>();

    FolderReaderTest() {
        ask(query -> query);
        ask(query -> query.subject("deploy"));
        ask(query -> query.subject("GRÜN"));
        ask(query -> query.subject("deploy").limit(2));
        ask(query -> query.subject("deploy").limit(2).newestFirst(false));
        ask(query -> query.from(List.of("ann@example.com")));
        ask(query -> query.from(List.of("j@", "nobody")));
        ask(query -> query.to(List.of("team@example.com")));
        ask(query -> query.unseen(true));
        ask(query -> query.unseen(true).subject("deploy"));
        ask(query -> query.since(NOW.minus(Duration.ofHours(3))));
        ask(query -> query.text("number seven"));
        ask(query -> query.text("über").unseen(true));
        ask(query -> query.text("body"));
        ask(query -> query.hasAttachment(true));
        ask(query -> query.hasAttachment(true).limit(1));
        ask(query -> query.authenticated(true).from(List.of("@example.com")));
        ask(query -> query.repliesTo(List.of("<question@example.com>")));
        ask(query -> query.headers(List.of("X-Number", "Subject")).subject("deploy"));
        ask(query -> query.headers(List.of(MailQuery.ALL_HEADERS)).limit(3));
        ask(query -> query.subject("nothing like that"));
        ask(query -> query.bodies(false).subject("deploy"));
        ask(query -> query.bodies(false).hasAttachment(true));
        ask(query -> query.bodies(false).text("body").limit(5));
        ask(query -> query.html(false).from(List.of("ann@example.com")));
        ask(query -> query.bodies(false).headers(List.of("X-Number")));
    }

    private void ask(UnaryOperator<MailQuery.Builder> conditions) {
        queries.add(conditions.apply(MailQuery.in("INBOX").limit(100)).build());
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private void put(int number) {
        StringBuilder mail = new StringBuilder();
        mail.append("From: ").append(number % 3 == 0 ? "=?utf-8?Q?J=C3=B6rg?= <j@example.com>" : "ann@example.com");
        mail.append("\r\nTo: ").append(number % 4 == 0 ? "team@example.com" : "build@example.com");
        mail.append("\r\nSubject: ")
                .append(number % 5 == 0 ? "=?utf-8?Q?gr=C3=BCn?= " : "deploy ")
                .append(number);
        if (number % 7 == 0) {
            mail.append("\r\nIn-Reply-To: <question@example.com>");
        }
        if (number % 3 == 1) {
            mail.append("\r\nAuthentication-Results: mx.example.com; dmarc=pass header.from=example.com");
        }
        mail.append("\r\nX-Number: ").append(number);
        String text = number % 6 == 0 ? "Der Text \u00fcber 9" : number == 7 ? "This is number\r\nseven." : "The body.";
        if (number % 8 == 0) {
            mail.append("\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n")
                    .append("Content-Type: text/plain; charset=utf-8\r\n\r\n")
                    .append(text)
                    .append("\r\n--b\r\nContent-Type: application/pdf; name=a.pdf\r\n")
                    .append("Content-Disposition: attachment; filename=a.pdf\r\n\r\nx\r\n--b--\r\n");
        } else {
            mail.append("\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n")
                    .append(text)
                    .append("\r\n");
        }
        rig.server.deliver(
                MailRig.USER,
                "INBOX",
                mail.toString().getBytes(StandardCharsets.UTF_8),
                NOW.minus(Duration.ofHours(number % 9)),
                number % 2 == 0 ? new Flags(Flags.Flag.SEEN) : new Flags());
    }

    private void assertAllAreGivenWhatTheyWouldRead(FolderReader folder, Map<MailQuery, FolderCheckpoint> checkpoints)
            throws Exception {
        for (MailQuery query : queries) {
            ReadResult alone = rig.reader().look(query);
            FolderLook shared = folder.look(query, checkpoints.get(query), 0);
            assertTrue(shared.complete());
            assertEquals(alone, shared.read(), query::toString);
            checkpoints.put(query, shared.checkpoint());
        }
    }

    @Test
    void whateverIsAskedForAndWheneverItComes() throws Exception {
        for (int i = 0; i < 30; i++) {
            put(i);
        }
        Map<MailQuery, FolderCheckpoint> some = new HashMap<>();
        Map<MailQuery, FolderCheckpoint> many = new HashMap<>();
        try (FolderReader few = rig.reader().folder("INBOX");
                FolderReader all = rig.reader().folder("INBOX")) {
            all.refresh(MANY);
            assertAllAreGivenWhatTheyWouldRead(few, some);
            assertAllAreGivenWhatTheyWouldRead(all, many);
            for (int i = 30; i < 40; i++) {
                put(i);
                few.refresh(1);
                all.refresh(MANY);
                if (i % 4 == 0) {
                    rig.server.unsee(MailRig.USER, "INBOX", i - 10);
                    rig.server.revise(MailRig.USER, "INBOX", i - 20);
                }
                if (i == 33 || i == 37) {
                    assertAllAreGivenWhatTheyWouldRead(few, some);
                    assertAllAreGivenWhatTheyWouldRead(all, many);
                }
            }
            few.refresh(1);
            all.refresh(MANY);
            assertAllAreGivenWhatTheyWouldRead(few, some);
            assertAllAreGivenWhatTheyWouldRead(all, many);
        }
        try (FolderReader again = rig.reader().folder("INBOX")) {
            assertAllAreGivenWhatTheyWouldRead(again, some);
        }
    }

    /** One look takes more than two commands, so it can only end if it goes on where the server refused to. */
    @ByImapAndSmtp
    @Test
    void endsAlthoughEveryThirdCommandIsRefusedForAWhile() throws Exception {
        Map<MailQuery, ReadResult> alone = new HashMap<>();
        for (int i = 0; i < 30; i++) {
            put(i);
        }
        for (MailQuery query : queries) {
            alone.put(query, rig.reader().look(query));
        }
        int before = rig.server.imapConnections();
        EveryThird throttle = new EveryThird();
        rig.server.tamperWithImap(throttle);
        try (FolderReader folder = rig.reader().folder("INBOX")) {
            folder.refresh(MANY);
            for (MailQuery query : queries) {
                assertEquals(alone.get(query), folder.look(query, null, 0).read(), query::toString);
            }
            put(30);
            folder.refresh(MANY);
            MailQuery all = queries.get(0);
            assertEquals(31, folder.look(all, null, 0).read().mails().size());
        }
        assertEquals(before + 1, rig.server.imapConnections());
        assertTrue(throttle.refused > 3, "refused " + throttle.refused);
        assertEquals(throttle.refused, rig.time.pauses().size());
        assertTrue(
                rig.time.pauses().stream().allMatch(pause -> pause.compareTo(EveryThird.BACK_OFF) >= 0),
                rig.time.pauses().toString());
    }

    /** The server announces a message once only, here in an answer that nobody waits for after the refusal. */
    @ByImapAndSmtp
    @Test
    void hearsOfMailThatComesWhileTheServerIsThrottled() throws Exception {
        for (int i = 1; i < 10; i++) {
            put(i);
        }
        FirstOfTwo throttle = new FirstOfTwo(() -> put(11), "");
        rig.server.tamperWithImap(throttle);
        try (FolderReader folder = rig.reader().folder("INBOX")) {
            folder.refresh(1);
            folder.look(queries.get(5), null, 0);
            FolderLook look = folder.look(queries.get(0), null, 0);
            assertTrue(look.read().mails().size() >= 9);
            assertTrue(throttle.refused);
            folder.refresh(1);
            assertEquals(10, folder.look(queries.get(0), null, 0).read().mails().size());
        }
    }

    @ByImapAndSmtp
    @Test
    void beginsAnewIfMessagesGoWhileTheServerIsThrottled() throws Exception {
        for (int i = 1; i < 10; i++) {
            put(i);
        }
        FirstOfTwo throttle = new FirstOfTwo(() -> {}, "* 1 EXPUNGE\r\n");
        rig.server.tamperWithImap(throttle);
        try (FolderReader folder = rig.reader().folder("INBOX")) {
            folder.refresh(1);
            folder.look(queries.get(5), null, 0);
            assertTrue(throttle.refused);
            assertEquals(2, throttle.opened, "the numbers mean other messages then");
        }
    }

    /** Refuses the first of two commands that are sent together, once. */
    private static final class FirstOfTwo implements Tampering {
        private final Runnable meanwhile;
        private final String news;
        private boolean refused;
        private boolean due;
        private int opened;

        /** @param news what the server says before it completes the second command */
        FirstOfTwo(Runnable meanwhile, String news) {
            this.meanwhile = meanwhile;
            this.news = news;
        }

        @Override
        public synchronized Instead command(String command) {
            if (command.startsWith("EXAMINE")) {
                opened++;
            }
            if (refused || !command.matches("FETCH .*BODYSTRUCTURE.*")) {
                return null;
            }
            refused = true;
            due = true;
            meanwhile.run();
            return new Instead("NO Request is throttled. Suggested Backoff Time: 20000 milliseconds", false);
        }

        @Override
        public synchronized void line(String line, Client client) throws IOException {
            if (due && line.contains("OK FETCH")) {
                due = false;
                client.send(news.getBytes(StandardCharsets.ISO_8859_1));
            }
            client.send((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** Refuses every third command of the open folder. */
    private static final class EveryThird implements Tampering {
        private static final Duration BACK_OFF = Duration.ofMillis(20_000);
        private int commands;
        private int refused;

        @Override
        public synchronized Instead command(String command) {
            if (!command.matches("(UID )?(EXAMINE|FETCH|SEARCH)\\b.*") || ++commands % 3 != 0) {
                return null;
            }
            refused++;
            return new Instead(
                    "NO Request is throttled. Suggested Backoff Time: " + BACK_OFF.toMillis() + " milliseconds", false);
        }
    }

    @ByImapAndSmtp
    @Test
    void doesNotReadTooFewMessages() throws Exception {
        put(1);
        MailQuery query =
                MailQuery.in("INBOX").subject("deploy").newestFirst(false).build();
        try (FolderReader folder = rig.reader().folder("INBOX")) {
            FolderLook first = folder.look(query, null, 3);
            assertEquals(1, first.read().mails().size());
            put(2);
            folder.refresh(MANY);
            FolderLook second = folder.look(query, first.checkpoint(), 3);
            assertFalse(second.complete());
            assertEquals(List.of(), second.read().mails());
            put(3);
            folder.refresh(MANY);
            FolderLook third = folder.look(query, second.checkpoint(), 3);
            assertTrue(third.complete());
            assertEquals(3, third.read().mails().size());
            assertEquals("deploy 1", third.read().mails().get(0).subject());
        }
        assertEquals(1, rig.server.imapConnections());
    }

    /** Somebody notices during a wait that the account does not name the server that authenticates senders. */
    @Test
    void looksAgainIfTheRuleForSendersHasChanged() throws Exception {
        put(1);
        MailQuery query = MailQuery.in("INBOX").authenticated(true).build();
        FolderLook first;
        rig.rule(AuthenticationRule.server("other.example.com"));
        try (FolderReader folder = rig.reader().folder("INBOX")) {
            first = folder.look(query, null, 1);
            assertEquals(List.of(), first.read().mails());
        }
        rig.rule(AuthenticationRule.server("mx.example.com"));
        try (FolderReader folder = rig.reader().folder("INBOX")) {
            assertEquals(
                    1, folder.look(query, first.checkpoint(), 1).read().mails().size());
        }
    }

    /** As when it is moved there; Microsoft Graph does not list it as new. */
    @Test
    void findsMessagesWithAnOlderDateAtTheNextRenewal() throws Exception {
        put(1);
        MailQuery query = MailQuery.in("INBOX").subject("deploy").build();
        try (FolderReader folder = rig.reader().folder("INBOX")) {
            FolderLook first = folder.look(query, null, 2);
            put(2);
            folder.refresh(MANY);
            FolderLook second = folder.look(query, first.checkpoint(), 2);
            rig.time.advance(Duration.ofMinutes(9));
            folder.refresh(MANY);
            assertEquals(
                    2, folder.look(query, second.checkpoint(), 2).read().mails().size());
        }
    }

    /** A mail that was found earlier counts no longer when it is gone. */
    @Test
    void doesNotCountMissingMessages() throws Exception {
        put(8);
        MailQuery query = MailQuery.in("INBOX").subject("deploy").build();
        try (FolderReader folder = rig.reader().folder("INBOX")) {
            FolderLook first = folder.look(query, null, 2);
            rig.reader().change("INBOX", List.of(first.read().mails().get(0).id()), new MailChange(false, null, true));
            put(7); // the higher the number, the earlier it came
            folder.refresh(MANY);
            FolderLook second = folder.look(query, first.checkpoint(), 2);
            assertEquals(1, second.read().mails().size());
            assertEquals("deploy 7", second.read().mails().get(0).subject());
            put(6);
            folder.refresh(MANY);
            assertEquals(
                    2, folder.look(query, second.checkpoint(), 2).read().mails().size());
        }
    }

    @ByImapAndSmtp
    @Test
    void reportsAndRetriesUnreadableMessages() throws Exception {
        MailQuery matching = MailQuery.in("INBOX").subject("deploy").build();
        MailQuery other = MailQuery.in("INBOX").subject("another").build();
        put(1);
        try (FolderReader folder = rig.reader().folder("INBOX")) {
            FolderCheckpoint one = folder.look(matching, null, 9).checkpoint();
            FolderCheckpoint two = folder.look(other, null, 9).checkpoint();
            rig.server
                    .imapScript()
                    .reply("FETCH 2 (UID FLAGS INTERNALDATE BODY", "OK FETCH completed.")
                    .reply("FETCH 2 (BODY.PEEK[]", "OK FETCH completed.");
            put(2);
            folder.refresh(MANY);
            FolderLook broken = folder.look(matching, one, 9);
            assertEquals(1, broken.read().problems().size(), () -> "" + broken.read());
            assertEquals(List.of(), folder.look(other, two, 9).read().problems());
            rig.server.imapScript().clear();
            folder.refresh(MANY);
            FolderLook readable = folder.look(matching, broken.checkpoint(), 2);
            assertEquals(2, readable.read().mails().size());
            assertEquals(List.of(), readable.read().problems());
        }
    }

    @ByImapAndSmtp
    @Test
    void manyWhoAskAboutManyAreAnsweredFromWhatWasFetchedOnce() throws Exception {
        for (int i = 0; i < 150; i++) {
            put(i);
        }
        int heard = rig.server.imapHeard().size();
        try (FolderReader folder = rig.reader().folder("INBOX")) {
            folder.refresh(MANY);
            for (int i = 1000; i < 1000 + MANY; i++) {
                MailQuery query = MailQuery.in("INBOX")
                        .subject("deploy " + i)
                        .unseen(i % 2 == 0)
                        .build();
                assertEquals(List.of(), folder.look(query, null, 1).read().mails());
            }
        }
        int commands = rig.server.imapHeard().size() - heard;
        assertTrue(commands <= 10, () -> String.join("\n", rig.server.imapHeard()));
        assertEquals(1, rig.server.imapConnections());
    }

    @ByImapAndSmtp
    @Test
    void replacesAConnectionLostBetweenTwoQuestions() throws Exception {
        put(1);
        try (FolderReader folder = rig.reader().folder("INBOX")) {
            assertEquals(1, folder.look(MailQuery.inbox()).mails().size());
            rig.server.drop();
            put(2);
            folder.refresh(1);
            assertEquals(2, folder.look(MailQuery.inbox()).mails().size());
        }
        assertEquals(2, rig.server.imapConnections());
    }

    @Test
    void abortedReaderFails() throws Exception {
        put(1);
        try (FolderReader folder = rig.reader().folder("INBOX")) {
            folder.look(MailQuery.inbox());
            folder.abort();
            assertThrows(MailFailure.class, () -> folder.look(MailQuery.inbox()));
        }
        assertTrue(rig.server.quiet(Duration.ofSeconds(20)));
    }
}
