package io.jenkins.plugins.oauthmail.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.AbortException;
import hudson.FilePath;
import hudson.remoting.Callable;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.oauthmail.mail.model.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Attachments of received mail in a workspace in which somebody has prepared something for them. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkspaceSinkTest {
    @TempDir
    Path home;

    private Path workspace;
    private Path outside;

    @BeforeEach
    void folders() throws Exception {
        workspace = Files.createDirectory(home.resolve("workspace"));
        outside = Files.createDirectory(home.resolve("outside"));
        Files.writeString(outside.resolve("a.txt"), "precious");
    }

    private AttachmentSink sink() throws Exception {
        return WorkspaceSink.into("in", new FilePath(workspace.toFile()), "INBOX");
    }

    private String save(String name, String content) throws Exception {
        return sink().save(new MailId("1:2"), name, new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void savesAndReplacesAFile() throws Exception {
        assertEquals("in/1-2/a.txt", save("a.txt", "one"));
        assertEquals("in/1-2/a.txt", save("a.txt", "two"));
        assertEquals("two", Files.readString(workspace.resolve("in/1-2/a.txt")));
        assertEquals(List.of("a.txt"), names(workspace.resolve("in/1-2")));
    }

    @Test
    void replacesALinkInsteadOfFollowingIt() throws Exception {
        Path folder = Files.createDirectories(workspace.resolve("in/1-2"));
        Files.writeString(workspace.resolve("inside.txt"), "inside");
        Files.createSymbolicLink(folder.resolve("a.txt"), outside.resolve("a.txt"));
        Files.createSymbolicLink(folder.resolve("b.txt"), workspace.resolve("inside.txt"));
        for (String name : List.of("a.txt", "b.txt")) {
            trySaving(name);
            assertTrue(!Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS)
                    || Files.isRegularFile(folder.resolve(name), LinkOption.NOFOLLOW_LINKS)
                    || Files.isSymbolicLink(folder.resolve(name)));
        }
        assertEquals("precious", Files.readString(outside.resolve("a.txt")));
        assertEquals("inside", Files.readString(workspace.resolve("inside.txt")));
    }

    private void trySaving(String name) throws Exception {
        try {
            save(name, "evil");
        } catch (IOException refused) {
            assertTrue(refused.getMessage().contains("outside the workspace"), refused.getMessage());
        }
    }

    @Test
    void rejectsAFolderThatLinksOutside() throws Exception {
        AttachmentSink sink = sink();
        Files.createDirectory(workspace.resolve("in"));
        Files.createSymbolicLink(workspace.resolve("in/1-2"), outside);
        IOException refusal = assertThrows(
                IOException.class, () -> sink.save(new MailId("1:2"), "a.txt", new ByteArrayInputStream(new byte[3])));
        assertEquals("saveAttachments: 'in/1-2/a.txt' would be outside the workspace.", refusal.getMessage());
        assertEquals(List.of("a.txt"), names(outside));
        assertEquals("precious", Files.readString(outside.resolve("a.txt")));
    }

    @Test
    void rejectsAFolderThatBecomesALinkWhileSaving() throws Exception {
        Path folder = workspace.resolve("in/1-2");
        InputStream content = new FilterInputStream(new ByteArrayInputStream(new byte[3])) {
            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                if (!Files.isSymbolicLink(folder)) {
                    Files.move(folder, workspace.resolve("away"));
                    Files.createSymbolicLink(folder, outside);
                }
                return super.read(b, off, len);
            }
        };
        assertThrows(IOException.class, () -> sink().save(new MailId("1:2"), "a.txt", content));
        assertEquals("precious", Files.readString(outside.resolve("a.txt")));
        assertEquals(List.of("a.txt"), names(outside));
    }

    /** An agent whose connection stays open though it does not answer any more. */
    private static final class SilentAgent implements VirtualChannel {
        private final int answers;
        private final List<Object> asked = new CopyOnWriteArrayList<>();

        SilentAgent(int answers) {
            this.answers = answers;
        }

        @Override
        public <V, T extends Throwable> V call(Callable<V, T> callable) throws T, InterruptedException {
            asked.add(callable);
            if (asked.size() > answers) {
                new CountDownLatch(1).await();
            }
            return callable.call();
        }

        @Override
        public void syncLocalIO() {}
    }

    @Test
    void timesOutOnASilentAgentAnywhere() throws Exception {
        int answers = 0;
        boolean saved = false;
        while (!saved) {
            SilentAgent agent = new SilentAgent(answers++);
            FilePath place = new FilePath(agent, workspace.toString());
            try {
                WorkspaceSink.into("in", place, "INBOX", Duration.ofSeconds(1))
                        .save(new MailId("1:2"), "a.txt", new ByteArrayInputStream(new byte[3]));
                saved = true;
            } catch (AgentDeadline.Silent silent) {
                assertEquals(
                        "the agent did not answer within 1 minute; check the agent and its file system",
                        silent.getMessage());
                assertFalse(Thread.currentThread().isInterrupted());
            }
        }
        assertTrue(answers >= 3, "answers needed: " + answers);
        assertEquals(
                List.of("a.txt"),
                names(workspace.resolve("in/1-2")).stream()
                        .filter(name -> !name.endsWith(".part"))
                        .toList());
    }

    @Test
    void distinguishesAnAbortFromASilentAgent() throws Exception {
        FilePath place = new FilePath(new SilentAgent(0), workspace.toString());
        AttachmentSink sink = WorkspaceSink.into("in", place, "INBOX", Duration.ofHours(1));
        Thread.currentThread().interrupt();
        assertThrows(
                InterruptedException.class,
                () -> sink.save(new MailId("1:2"), "a.txt", new ByteArrayInputStream(new byte[3])));
    }

    @Test
    void doesNotBlockOnAPipe() throws Exception {
        Path folder = Files.createDirectories(workspace.resolve("in/1-2"));
        assumeTrue(new ProcessBuilder("mkfifo", folder.resolve("a.txt").toString())
                        .start()
                        .waitFor()
                == 0);
        save("a.txt", "content");
        assertEquals("content", Files.readString(folder.resolve("a.txt")));
    }

    @Test
    void failureKeepsTheEarlierFile() throws Exception {
        save("a.txt", "one");
        IOException broken = new IOException("broken");
        for (Exception failure : List.of(broken, new IllegalStateException("bug"))) {
            InputStream content = new FilterInputStream(new ByteArrayInputStream(new byte[200_000])) {
                private int reads;

                @Override
                public int read(byte[] b, int off, int len) throws IOException {
                    if (++reads > 2) {
                        if (failure instanceof IOException) {
                            throw (IOException) failure;
                        }
                        throw (RuntimeException) failure;
                    }
                    return super.read(b, off, len);
                }
            };
            assertSame(failure, assertThrows(Exception.class, () -> sink().save(new MailId("1:2"), "a.txt", content)));
            assertEquals("one", Files.readString(workspace.resolve("in/1-2/a.txt")));
            assertEquals(List.of("a.txt"), names(workspace.resolve("in/1-2")));
        }
    }

    @Test
    void keepsAFolderOfTheSameName() throws Exception {
        Path folder = Files.createDirectories(workspace.resolve("in/1-2/a.txt"));
        Files.writeString(folder.resolve("b"), "b");
        assertThrows(IOException.class, () -> save("a.txt", "x"));
        assertEquals("b", Files.readString(folder.resolve("b")));
        assertEquals(List.of("a.txt"), names(workspace.resolve("in/1-2")));
    }

    /** IDs of Microsoft Graph differ in case, and one after another in the last two digits of base64. */
    @Test
    void keepsMessagesApartWhoseIdsLookAlike() throws Exception {
        Set<String> folders = new HashSet<>();
        List<String> ids =
                List.of("AAkALgH_A==", "AAkALgH-A==", "AAkALgh_A==", "AAkALgH_a==", "AAkALgH_A-=", "AAkALgH_A=");
        for (String id : ids) {
            String path = sink().save(
                            new MailId("graph:0123abcd:" + id), "report.pdf", new ByteArrayInputStream(new byte[3]));
            folders.add(path.toLowerCase(Locale.ROOT));
        }
        assertEquals(ids.size(), folders.size(), folders.toString());
    }

    /** Servers such as Exchange number the messages of all folders in the same way. */
    @Test
    void keepsMessagesOfDifferentFoldersApart() throws Exception {
        Set<String> paths = new HashSet<>();
        for (String folder : List.of("INBOX", "Reports", "reports")) {
            AttachmentSink sink = WorkspaceSink.into("in", new FilePath(workspace.toFile()), folder);
            paths.add(sink.save(new MailId("14-0123abcd:2"), "report.pdf", new ByteArrayInputStream(new byte[3])));
        }
        assertEquals(3, paths.size(), paths.toString());
    }

    /**
     * No locale has a lone surrogate, so this stands for any character that the locale of an agent lacks: with the C
     * locale, all but ASCII.
     */
    @Test
    void savesUnderAnotherNameWhatTheAgentCannotName() throws Exception {
        String path = save("Bericht 1\ud800.tar.gz", "one");
        assertTrue(path.matches("in/1-2/Bericht_1_\\.tar-[0-9a-f]{8}\\.gz"), path);
        assertEquals("one", Files.readString(workspace.resolve(path)));
        assertEquals(path, save("Bericht 1\ud800.tar.gz", "again"));
        String other = save("Bericht 1=\ud800.tar.gz", "two");
        assertEquals("again", Files.readString(workspace.resolve(path)));
        assertEquals("two", Files.readString(workspace.resolve(other)));
        assertEquals(2, names(workspace.resolve("in/1-2")).size());
    }

    @Test
    void savesUnderAnotherNameWhatTheFileSystemRefuses() throws Exception {
        // Longer than file systems allow: the only name that they all refuse.
        String path = save("\u00fc".repeat(200) + ".pdf", "one");
        assertTrue(path.matches("in/1-2/_-[0-9a-f]{8}\\.pdf"), path);
        assertEquals("one", Files.readString(workspace.resolve(path)));
    }

    @Test
    void keepsAFolderWithANameThatIsNotAscii() throws Exception {
        Path folder;
        try {
            folder = Files.createDirectories(workspace.resolve("in/1-2/\u00fc.txt"));
        } catch (InvalidPathException e) {
            folder = null;
        }
        assumeTrue(folder != null, "needs a locale with this character");
        assertThrows(IOException.class, () -> save("\u00fc.txt", "x"));
        assertEquals(List.of("\u00fc.txt"), names(workspace.resolve("in/1-2")));
    }

    @Test
    void refusesADirectoryThatTheAgentCannotName() {
        AbortException refusal = assertThrows(
                AbortException.class, () -> WorkspaceSink.into("in\ud800", new FilePath(workspace.toFile()), "INBOX"));
        assertTrue(refusal.getMessage().contains("locale"), refusal.getMessage());
    }
}
