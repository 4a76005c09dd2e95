package io.jenkins.plugins.oauthmail.steps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.AbortException;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.StreamTaskListener;
import io.jenkins.inmemory.Binder;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.inmemory.InMemoryStepContext;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.mail.ByGraph;
import io.jenkins.plugins.oauthmail.testing.mail.ByImapAndSmtp;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages that have been removed are returned, and those that are not returned can be read again. */
@OnEveryServer
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PartlyChangedTest {
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private JenkinsRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        for (String subject : List.of("one", "two", "three")) {
            rig.mail().deliver(JenkinsRig.ADDRESS, "Subject: " + subject + "\r\n\r\nbody\r\n");
        }
        rig.mail().makeFolder(JenkinsRig.ADDRESS, "Done");
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private List<String> read(Map<String, Object> how) throws Exception {
        Map<String, Object> arguments = new HashMap<>(how);
        arguments.put("account", JenkinsRig.ACCOUNT);
        List<?> found = (List<?>) new InMemoryStepContext()
                .with(Run.class, new InMemoryJob("demo/pipeline").build())
                .with(TaskListener.class, new StreamTaskListener(log))
                .run(Binder.bind(OAuthMailReadStep.class, arguments));
        return found.stream()
                .map(mail -> (String) ((Map<?, ?>) mail).get("subject"))
                .toList();
    }

    private List<String> left() throws Exception {
        List<String> left = new ArrayList<>();
        for (var mail : rig.mail().mails(JenkinsRig.ADDRESS, "INBOX")) {
            left.add(mail.getSubject());
        }
        return left;
    }

    private String said() {
        return log.toString(StandardCharsets.UTF_8);
    }

    @ByGraph
    @Test
    void refusedAfterTheFirst() throws Exception {
        rig.mail().graph().meanwhile("DELETE", () -> rig.mail()
                .graph()
                .refuse("DELETE", 99, 403, "ErrorAccessDenied", "Access is denied."));
        assertEquals(List.of("three"), read(Map.of("delete", true)));
        assertEquals(List.of("one", "two"), left());
        assertTrue(said().contains("2 messages were left as before in INBOX and not returned"), said());
        rig.mail().graph().clear();
        assertEquals(List.of("two", "one"), read(Map.of("delete", true)));
    }

    /** Such as by this build, before the controller was killed. */
    @ByGraph
    @Test
    void oneIsAlreadyGoneAndTheNextIsRefused() throws Exception {
        rig.mail().graph().refuse("select=parentFolderId", 1, 404, "ErrorItemNotFound", "It is gone.");
        rig.mail().graph().refuse("DELETE", 99, 403, "ErrorAccessDenied", "Access is denied.");
        assertEquals(List.of("three"), read(Map.of("delete", true)));
        assertEquals(List.of("one", "two", "three"), left());
    }

    @ByGraph
    @Test
    void refusedBeforeTheFirst() throws Exception {
        rig.mail().graph().refuse("DELETE", 99, 403, "ErrorAccessDenied", "Access is denied.");
        assertThrows(AbortException.class, () -> read(Map.of("delete", true)));
        assertEquals(List.of("one", "two", "three"), left());
    }

    /** Nobody knows whether they were removed. */
    @ByImapAndSmtp
    @Test
    void connectionLostWhileRemoving() throws Exception {
        rig.mail().imapScript().once("UID EXPUNGE", "* BYE Server shutting down.", () -> rig.mail()
                .imapScript()
                .reply("AUTHENTICATE", "NO [AUTHENTICATIONFAILED] Authentication failed.", 99));
        assertEquals(List.of("three", "two", "one"), read(Map.of("delete", true)));
        assertTrue(said().contains("no messages were left as before"), said());
    }

    /** Nobody knows whether they were marked, and who reads what is unseen may never find them again. */
    @ByImapAndSmtp
    @Test
    void connectionLostWhileMarking() throws Exception {
        rig.mail().imapScript().once("UID STORE", "* BYE Server shutting down.", () -> rig.mail()
                .imapScript()
                .reply("AUTHENTICATE", "NO [AUTHENTICATIONFAILED] Authentication failed.", 99));
        assertEquals(List.of("three", "two", "one"), read(Map.of("unseen", true, "markSeen", true)));
    }

    /** An outage that begins then is not the fault of the messages. */
    @ByGraph
    @Test
    void readsTheRestAfterAnOutage() throws Exception {
        rig.mail().graph().meanwhile("\\$value", () -> rig.mail()
                .graph()
                .refuse("\\$value", 3, 500, "ErrorInternalServerError", "Not now."));
        assertEquals(List.of("three", "two", "one"), read(Map.of()));
    }

    @Test
    void isNotMarkedIfTheFolderIsMissing() throws Exception {
        Map<String, Object> how = Map.of("unseen", true, "markSeen", true, "moveTo", "Gone");
        assertThrows(AbortException.class, () -> read(how));
        assertEquals(List.of("three", "two", "one"), read(Map.of("unseen", true)));
    }

    @ByGraph
    @Test
    void isNotMarkedIfItCannotBeMoved() throws Exception {
        rig.mail().graph().refuse("POST .*move", 1, 403, "ErrorQuotaExceeded", "The mailbox is full.");
        Map<String, Object> how = Map.of("unseen", true, "markSeen", true, "moveTo", "Done");
        assertThrows(AbortException.class, () -> read(how));
        assertEquals(List.of("three", "two", "one"), read(how));
        assertEquals(
                3,
                rig.mail().flags(JenkinsRig.ADDRESS, "Done").stream()
                        .filter(flags -> flags.contains(jakarta.mail.Flags.Flag.SEEN))
                        .count());
    }

    /** Who reads what is unseen would never find them again. */
    @ByImapAndSmtp
    @Test
    void isReturnedIfMarkedButNotMoved() throws Exception {
        rig.mail().imapScript().once("UID MOVE", "NO MOVE failed or partially completed.", () -> {
            read(Map.of("subject", "three", "moveTo", "Done"));
            rig.mail().imapScript().reply("UID MOVE", "NO MOVE failed or partially completed.", 99);
        });
        Map<String, Object> how = Map.of("unseen", true, "markSeen", true, "moveTo", "Done");
        assertEquals(List.of("three", "two", "one"), read(how));
        assertEquals(List.of("one", "two"), left());
        assertTrue(said().contains("only marked as seen"), said());
        rig.mail().imapScript().clear();
        assertEquals(List.of(), read(how));
    }

    @ByGraph
    @Test
    void failsIfTheServiceIsUnavailable() throws Exception {
        rig.mail().graph().unavailable("DELETE", 99, 800);
        assertThrows(AbortException.class, () -> read(Map.of("delete", true)));
        assertEquals(List.of("one", "two", "three"), left());
    }

    @ByGraph
    @Test
    void unavailableAfterTheFirst() throws Exception {
        Map<String, Object> how = Map.of("moveTo", "Done");
        rig.mail().graph().meanwhile("POST .*move", () -> rig.mail().graph().unavailable("POST .*move", 99, 800));
        assertEquals(List.of("three"), read(how));
        rig.mail().graph().clear();
        assertEquals(List.of("two", "one"), read(how));
    }
}
