package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.model.MailChange;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.mail.OnBothServers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a connection that is kept for the next read. */
@OnBothServers
class KeptConnectionTest {

    private final MailRig rig = new MailRig();
    private MailReader reader;

    @BeforeEach
    void start() {
        rig.server.deliver(MailRig.USER, "From: a@example.com\r\nSubject: one\r\n\r\ntext\r\n");
        reader = rig.keeping(rig.server.imap(Security.NONE));
    }

    @AfterEach
    void stop() {
        reader.close();
        rig.close();
    }

    private List<ReceivedMail> read() throws Exception {
        return reader.read(MailQuery.in("INBOX").unseen(true).build(), null);
    }

    private int connections() {
        return rig.server.imapConnections();
    }

    private long heard(String command) {
        return rig.server.imapHeard().stream()
                .filter(line -> line.contains(" " + command))
                .count();
    }

    @Test
    void servesOneReadAfterTheOther() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertEquals(1, read().size());
        }
        assertEquals(1, connections());
        assertEquals(1, heard("AUTHENTICATE"));
        assertEquals(5, heard("EXAMINE"));
    }

    @Test
    void nextConnectionDoesNotRequestCapabilities() throws Exception {
        read();
        rig.server.drop();
        read();
        assertEquals(2, connections());
        assertEquals(1, heard("CAPABILITY"));
        assertEquals(2, heard("AUTHENTICATE"));
    }

    @Test
    void requestsCapabilitiesAgainAfterARefusedLogin() throws Exception {
        read();
        rig.server.drop();
        rig.server.imapScript().reply("AUTHENTICATE", "NO AUTHENTICATE failed.");
        assertThrows(MailFailure.class, this::read);
        rig.server.imapScript().clear();
        assertEquals(1, read().size());
        assertEquals(2, heard("CAPABILITY"));
    }

    @Test
    void isClosedAfterAMinute() throws Exception {
        read();
        rig.time.advance(Duration.ofSeconds(50));
        read();
        rig.time.advance(Duration.ofSeconds(50));
        assertEquals(1, rig.server.imapClients());
        rig.time.advance(Duration.ofSeconds(11));
        Await.until(() -> rig.server.imapClients() == 0);
        assertEquals(1, connections());
    }

    @Test
    void isClosedWithTheReader() throws Exception {
        read();
        reader.close();
        Await.until(() -> rig.server.imapClients() == 0);
        assertEquals(1, read().size());
        Await.until(() -> rig.server.imapClients() == 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "* BYE Session invalidated - AccessTokenExpired",
                "* BYE Connection closed",
                "BAD Session invalidated - AccessTokenExpired",
                "BAD User is authenticated but not connected.",
                "|NO Server Unavailable. 15",
                ""
            })
    void thatDiedCostsANewOneAndNoFailure(String said) throws Exception {
        for (String command : List.of("EXAMINE", "SEARCH", "FETCH 1 (UID", "FETCH 1 (BODY")) {
            read();
            int before = connections();
            if (said.isEmpty()) {
                rig.server.imapScript().drop(command, 1);
            } else {
                rig.server.imapScript().replyAndDrop(command, said, 1);
            }
            assertEquals("text", read().get(0).text().strip(), command);
            assertEquals(before + 1, connections(), command);
            assertEquals(List.of(), rig.time.pauses());
            rig.server.imapScript().clear();
        }
    }

    @Test
    void thatWasResetCostsANewOne() throws Exception {
        read();
        rig.server.drop();
        assertEquals(1, read().size());
        assertEquals(2, connections());
    }

    @Test
    void isNotKeptAfterAFailure() throws Exception {
        read();
        rig.server.imapScript().reply("EXAMINE", "NO [NOPERM] not yours");
        assertThrows(MailFailure.class, this::read);
        Await.until(() -> rig.server.imapClients() == 0);
        rig.server.imapScript().clear();
        assertEquals(1, read().size());
    }

    @Test
    void throttlingIsNotAnsweredWithANewConnection() throws Exception {
        read();
        rig.server
                .imapScript()
                .reply("EXAMINE", "BAD Request is throttled. Suggested Backoff Time: 50000 milliseconds");
        MailFailure failure = assertThrows(MailFailure.class, this::read);
        assertTrue(failure.retryAfter().isPresent());
        assertEquals(1, connections());
    }

    @Test
    void doesNotRepeatChangesOfUnknownFate() throws Exception {
        rig.server.makeFolder(MailRig.USER, "Done");
        MailId id = read().get(0).id();
        rig.server.imapScript().drop("UID", 1);
        // The first is the search for the message, which can be repeated.
        reader.change("INBOX", List.of(id), new MailChange(true, null, false));
        assertEquals(2, connections());
        for (String command : List.of("UID STORE", "UID COPY", "UID MOVE")) {
            rig.server.imapScript().drop(command);
        }
        long before = heard("UID MOVE") + heard("UID COPY");
        assertThrows(
                MailFailure.class, () -> reader.change("INBOX", List.of(id), new MailChange(false, "Done", false)));
        assertEquals(before + 1, heard("UID MOVE") + heard("UID COPY"));
        rig.server.imapScript().clear();
        assertEquals(1, reader.read(MailQuery.inbox(), null).size());
    }

    @Test
    void doesNotSaveAttachmentsTwice() throws Exception {
        rig.server.deliver(
                MailRig.USER,
                "Subject: files\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
                        + "--b\r\nContent-Type: application/a; name=a\r\n\r\na\r\n"
                        + "--b\r\nContent-Type: application/b; name=b\r\n\r\nb\r\n--b--\r\n");
        read();
        rig.server.imapScript().drop("FETCH 2 (BODY.PEEK[2]", 1);
        List<String> saved = new ArrayList<>();
        assertThrows(
                MailFailure.class,
                () -> reader.read(MailQuery.in("INBOX").subject("files").build(), (id, name, in) -> {
                    saved.add(name + new String(in.readAllBytes(), StandardCharsets.US_ASCII));
                    return name;
                }));
        assertEquals("aa", saved.get(0));
        assertEquals(1, saved.stream().filter(name -> name.startsWith("a")).count());
    }

    @Test
    void thereAreNeverMoreThanThree() throws Exception {
        CountDownLatch arrived = new CountDownLatch(3);
        CountDownLatch go = new CountDownLatch(1);
        rig.server.imapScript().hold("EXAMINE", arrived, go);
        ExecutorService builds = Executors.newFixedThreadPool(10);
        try {
            List<Future<List<ReceivedMail>>> reads = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                reads.add(builds.submit((Callable<List<ReceivedMail>>) this::read));
            }
            arrived.await();
            assertEquals(3, connections());
            rig.server.imapScript().clear();
            go.countDown();
            int good = 0;
            for (Future<List<ReceivedMail>> read : reads) {
                try {
                    good += read.get().size();
                } catch (ExecutionException e) {
                    // The server dropped those that it had held.
                    assertTrue(e.getCause() instanceof MailFailure);
                }
            }
            assertEquals(7, good);
            assertTrue(rig.server.imapClients() <= 3);
        } finally {
            builds.shutdownNow();
        }
    }

    /** A read keeps its connection while an agent, which may be slow, stores what was read. */
    @Test
    @Timeout(60)
    void readsThatSaveAttachmentsLeaveAConnectionToOthers() throws Exception {
        rig.server.deliver(
                MailRig.USER,
                "Subject: files\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
                        + "--b\r\nContent-Type: application/a; name=a\r\n\r\na\r\n--b--\r\n");
        MailQuery files = MailQuery.in("INBOX").subject("files").build();
        Semaphore saving = new Semaphore(0);
        CountDownLatch stored = new CountDownLatch(1);
        AttachmentSink slow = (id, name, in) -> {
            saving.release();
            stored.await();
            return name;
        };
        List<Thread> builds = new ArrayList<>();
        List<FutureTask<List<ReceivedMail>>> reads = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                reads.add(new FutureTask<>(() -> reader.read(files, slow)));
                builds.add(new Thread(reads.get(i)));
                builds.get(i).start();
            }
            saving.acquire(2);
            // They store, or wait for a connection.
            Await.until(() -> builds.stream().allMatch(build -> build.getState() == Thread.State.WAITING));
            try (FolderReader folder = reader.folder("INBOX")) {
                assertEquals(2, folder.look(MailQuery.inbox()).mails().size(), "somebody who waits for mail");
            }
            assertEquals(2, read().size(), "a build that saves no attachments");
            assertEquals(0, saving.availablePermits());
            stored.countDown();
            for (FutureTask<List<ReceivedMail>> read : reads) {
                assertEquals(1, read.get().size());
            }
        } finally {
            stored.countDown();
            builds.forEach(Thread::interrupt);
        }
    }
}
