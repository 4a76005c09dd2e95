package io.jenkins.plugins.oauthmail.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.AbortException;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import jakarta.mail.Multipart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is sent of a workspace is what was checked, whatever the build does with it meanwhile. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AttachmentsSentTest {
    private JenkinsRig rig;
    private Path workspace;
    private Path secret;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        workspace = rig.workspace();
        secret = Files.writeString(rig.home().resolve("secret.txt"), "SECRET");
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private void send(String attachments) throws Exception {
        rig.send(Map.of(
                "account",
                JenkinsRig.ACCOUNT,
                "to",
                JenkinsRig.ADDRESS,
                "subject",
                "x",
                "body",
                "x",
                "attachments",
                attachments));
    }

    private List<String> sent() throws Exception {
        Multipart parts =
                (Multipart) rig.mail().mails(JenkinsRig.ADDRESS, "INBOX").get(0).getContent();
        List<String> contents = new ArrayList<>();
        for (int i = 1; i < parts.getCount(); i++) {
            contents.add(new String(parts.getBodyPart(i).getInputStream().readAllBytes()));
        }
        return contents;
    }

    private void whileItWaits(Callable<Void> change) {
        rig.mail().smtpScript().before("EHLO", change);
    }

    @Test
    void sendsTheOriginalIfAFileBecomesALink() throws Exception {
        Path file = Files.writeString(workspace.resolve("a.txt"), "public");
        whileItWaits(() -> {
            Files.delete(file);
            Files.createSymbolicLink(file, secret);
            return null;
        });
        send("a.txt");
        assertEquals(List.of("public"), sent());
    }

    @Test
    void sendsTheOriginalIfAFolderBecomesALink() throws Exception {
        Path folder = Files.createDirectory(workspace.resolve("out"));
        Files.writeString(folder.resolve("secret.txt"), "public");
        whileItWaits(() -> {
            Files.move(folder, workspace.resolve("away"));
            Files.createSymbolicLink(folder, rig.home());
            return null;
        });
        send("out/*.txt");
        assertEquals(List.of("public"), sent());
    }

    @Test
    void sendsTheOriginalIfAFileChanges() throws Exception {
        Path grows = Files.writeString(workspace.resolve("a.txt"), "a");
        Path shrinks = Files.writeString(workspace.resolve("b.txt"), "bbbb");
        Path goes = Files.writeString(workspace.resolve("c.txt"), "c");
        whileItWaits(() -> {
            Files.write(grows, new byte[30_000_000], StandardOpenOption.APPEND);
            Files.writeString(shrinks, "b");
            Files.delete(goes);
            return null;
        });
        send("*.txt");
        assertEquals(List.of("a", "bbbb", "c"), sent());
    }

    @Test
    void followsLinksWithinTheWorkspace() throws Exception {
        Files.createDirectory(workspace.resolve("real"));
        Files.writeString(workspace.resolve("real/a.txt"), "a");
        Files.createSymbolicLink(workspace.resolve("latest"), Path.of("real"));
        Files.createSymbolicLink(workspace.resolve("link.txt"), Path.of("real/a.txt"));
        send("latest/a.txt, link.txt");
        assertEquals(List.of("a", "a"), sent());
    }

    @Test
    void sendsTheOriginalIfAFileBecomesAPipe() throws Exception {
        Path file = Files.writeString(workspace.resolve("a.txt"), "a");
        whileItWaits(() -> {
            Files.delete(file);
            makePipe(file);
            return null;
        });
        send("a.txt");
        assertEquals(List.of("a"), sent());
    }

    @Test
    void rejectsNonFilesBeforeConnecting() throws Exception {
        makePipe(workspace.resolve("pipe"));
        Files.createSymbolicLink(workspace.resolve("link"), Path.of("pipe"));
        for (String pattern : List.of("pipe", "link")) {
            AbortException refusal = assertThrows(AbortException.class, () -> send(pattern));
            assertTrue(refusal.getMessage().startsWith("attachments: "), refusal.getMessage());
        }
        assertEquals(0, rig.mail().smtpConnections());
    }

    @Test
    void reportsUnreadableFilesWithoutPath() throws Exception {
        Path file = Files.writeString(workspace.resolve("a.txt"), "a");
        assumeTrue(file.toFile().setReadable(false) && !Files.isReadable(file));
        AbortException refusal = assertThrows(AbortException.class, () -> send("a.txt"));
        assertTrue(refusal.getMessage().startsWith("attachments: 'a.txt' "), refusal.getMessage());
        assertTrue(!refusal.getMessage().contains(workspace.toString()), refusal.getMessage());
    }

    private static void makePipe(Path place) throws InterruptedException {
        try {
            assumeTrue(new ProcessBuilder("mkfifo", place.toString()).start().waitFor() == 0);
        } catch (IOException noSuchCommand) {
            assumeTrue(false, noSuchCommand.toString());
        }
    }
}
