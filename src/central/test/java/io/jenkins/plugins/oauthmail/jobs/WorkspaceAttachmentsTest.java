package io.jenkins.plugins.oauthmail.jobs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.AbortException;
import hudson.FilePath;
import hudson.remoting.Callable;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Copying files of a workspace, and agents that do not play along. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkspaceAttachmentsTest {
    private static final long LIMIT = 100_000;

    @TempDir
    Path workspace;

    private final Spool spool = new Spool();

    @AfterEach
    void close() {
        spool.close();
    }

    private WorkspaceAttachments.Collected collect(VirtualChannel agent, Unavailable unavailable, Duration time)
            throws Exception {
        return new WorkspaceAttachments(new FilePath(agent, workspace.toString()), spool, LIMIT, 1, unavailable, time)
                .collect("*.txt");
    }

    private static byte[] content(OutgoingMail.Attachment attachment) throws Exception {
        return attachment.content().open().readAllBytes();
    }

    /** An agent that does something else than it was asked. */
    private interface Agent extends VirtualChannel {
        @Override
        default void syncLocalIO() {}
    }

    @Test
    void timesOutOnASilentAgent() throws Exception {
        Files.writeString(workspace.resolve("a.txt"), "a");
        CountDownLatch ended = new CountDownLatch(1);
        Agent silent = new Agent() {
            @Override
            public <V, T extends Throwable> V call(Callable<V, T> callable) throws InterruptedException {
                try {
                    new CountDownLatch(1).await();
                    return null;
                } finally {
                    ended.countDown();
                }
            }
        };
        AbortException late =
                assertThrows(AbortException.class, () -> collect(silent, Unavailable.FAIL, Duration.ofSeconds(3)));
        assertEquals(
                "attachments: 'a.txt' could not be read within 1 minutes; check the agent and its file system, or send a"
                        + " link to the file.",
                late.getMessage());
        ended.await();
    }

    @Test
    void sendsWhatArrivedBeforeAnAgentFellSilent() throws Exception {
        Files.writeString(workspace.resolve("a.txt"), "a");
        Files.writeString(workspace.resolve("b.txt"), "b");
        Agent tired = new Agent() {
            private boolean asked;

            @Override
            public <V, T extends Throwable> V call(Callable<V, T> callable) throws T, InterruptedException {
                if (asked) {
                    new CountDownLatch(1).await();
                }
                asked = true;
                return callable.call();
            }
        };
        WorkspaceAttachments.Collected collected = collect(tired, Unavailable.LEAVE_OUT, Duration.ofSeconds(3));
        assertEquals(1, collected.problems().size());
        assertTrue(collected.problems().get(0).contains("'b.txt' could not be read within"), collected.toString());
        assertEquals(1, collected.attachments().size());
        assertArrayEquals(new byte[] {'a'}, content(collected.attachments().get(0)));
    }

    @Test
    void reportsALostAgentWithoutPaths() throws Exception {
        Files.writeString(workspace.resolve("a.txt"), "a");
        Agent gone = new Agent() {
            @Override
            public <V, T extends Throwable> V call(Callable<V, T> callable) throws IOException {
                throw new IOException("remote file operation failed: " + workspace + " at Channel:x");
            }
        };
        AbortException failure =
                assertThrows(AbortException.class, () -> collect(gone, Unavailable.FAIL, Duration.ofMinutes(1)));
        assertTrue(failure.getMessage().startsWith("attachments: 'a.txt' could not be read ("), failure.getMessage());
        assertTrue(!failure.getMessage().contains(workspace.toString()), failure.getMessage());
        assertEquals(
                1,
                collect(gone, Unavailable.LEAVE_OUT, Duration.ofMinutes(1))
                        .problems()
                        .size());
    }

    @Test
    void skipsOnlyUnreadableFiles() throws Exception {
        Files.writeString(workspace.resolve("a.txt"), "a");
        Files.writeString(workspace.resolve("b.txt"), "b");
        Files.writeString(workspace.resolve("c.txt"), "c");
        Agent faulty = new Agent() {
            private int asked;

            @Override
            public <V, T extends Throwable> V call(Callable<V, T> callable) throws IOException, T {
                asked++;
                if (asked == 1) {
                    throw new IOException("a bad sector");
                }
                if (asked == 2) {
                    throw new IllegalStateException("a bug");
                }
                return callable.call();
            }
        };
        WorkspaceAttachments.Collected collected = collect(faulty, Unavailable.LEAVE_OUT, Duration.ofMinutes(1));
        assertEquals(
                List.of("c.txt"),
                collected.attachments().stream()
                        .map(OutgoingMail.Attachment::name)
                        .toList());
        assertEquals(2, collected.problems().size(), collected.toString());
    }

    /** Jenkins throws what the agent answers. */
    @Test
    void agentCannotInterruptTheBuild() throws Exception {
        Files.writeString(workspace.resolve("a.txt"), "a");
        Agent interrupting = new Agent() {
            @Override
            public <V, T extends Throwable> V call(Callable<V, T> callable) throws InterruptedException {
                throw new InterruptedException("of the agent");
            }
        };
        assertEquals(
                List.of("attachments: 'a.txt' could not be read (of the agent); check the agent and its file system."),
                collect(interrupting, Unavailable.LEAVE_OUT, Duration.ofMinutes(1))
                        .problems());
    }

    @Test
    void interruptEndsTheTransfer() throws Exception {
        Files.writeString(workspace.resolve("a.txt"), "a");
        Thread reader = Thread.currentThread();
        Agent stopping = new Agent() {
            @Override
            public <V, T extends Throwable> V call(Callable<V, T> callable) throws InterruptedException {
                reader.interrupt();
                new CountDownLatch(1).await();
                return null;
            }
        };
        assertThrows(InterruptedException.class, () -> collect(stopping, Unavailable.LEAVE_OUT, Duration.ofMinutes(1)));
    }

    @Test
    void limitsTheNumberOfFiles() throws Exception {
        for (int i = 0; i < WorkspaceAttachments.MAX_FILES; i++) {
            Files.createFile(workspace.resolve(i + ".txt"));
        }
        WorkspaceAttachments.Collected all = collect(null, Unavailable.FAIL, Duration.ofMinutes(1));
        assertEquals(WorkspaceAttachments.MAX_FILES, all.attachments().size());
        Files.createFile(workspace.resolve("one more.txt"));
        AbortException refusal =
                assertThrows(AbortException.class, () -> collect(null, Unavailable.FAIL, Duration.ofMinutes(1)));
        assertEquals(
                "attachments: 1001 files match, more than the 1000 that a message may have; attach an archive of them.",
                refusal.getMessage());
        WorkspaceAttachments.Collected rest = collect(null, Unavailable.LEAVE_OUT, Duration.ofMinutes(1));
        assertEquals(List.of(), rest.attachments());
        assertEquals(List.of(refusal.getMessage()), rest.problems());
    }

    @Test
    void limitsTheSizeOfAllFiles() throws Exception {
        Files.write(workspace.resolve("a.txt"), new byte[60_000]);
        Files.write(workspace.resolve("b.txt"), new byte[60_000]);
        Files.write(workspace.resolve("c.txt"), new byte[40_000]);
        WorkspaceAttachments.Collected collected = collect(null, Unavailable.LEAVE_OUT, Duration.ofMinutes(1));
        assertEquals(
                List.of("a.txt", "c.txt"),
                collected.attachments().stream()
                        .map(OutgoingMail.Attachment::name)
                        .toList());
        assertArrayEquals(new byte[40_000], content(collected.attachments().get(1)));
        assertEquals(
                List.of("attachments: 'b.txt' does not fit into the message, as the mail account allows only 1024 KiB;"
                        + " attach fewer or smaller files, or send a link to them."),
                collected.problems());
    }

    private CopyRegularFile.Outcome copy(String name, OutputStream target) throws Exception {
        return new CopyRegularFile(name, LIMIT, target).invoke(workspace.toFile(), null);
    }

    private CopyRegularFile.Outcome copy(String name) throws Exception {
        return copy(name, new ByteArrayOutputStream());
    }

    @Test
    void copiesOnlyRegularFilesInsideTheWorkspace() throws Exception {
        Path outside = Files.createTempFile("outside", ".txt");
        try {
            Files.createDirectory(workspace.resolve("folder"));
            Files.writeString(workspace.resolve("folder/a"), "a");
            Files.createSymbolicLink(workspace.resolve("out"), outside);
            Files.createSymbolicLink(workspace.resolve("up"), outside.getParent());
            Files.createSymbolicLink(workspace.resolve("in"), Path.of("folder/a"));
            Files.createSymbolicLink(workspace.resolve("loop"), Path.of("loop"));
            Files.createSymbolicLink(workspace.resolve("nowhere"), Path.of("missing"));
            assertEquals(CopyRegularFile.Outcome.COPIED, copy("folder/a"));
            assertEquals(CopyRegularFile.Outcome.COPIED, copy("in"));
            assertEquals(CopyRegularFile.Outcome.OUTSIDE, copy("out"));
            assertEquals(CopyRegularFile.Outcome.OUTSIDE, copy("up/" + outside.getFileName()));
            assertEquals(CopyRegularFile.Outcome.OUTSIDE, copy("../" + outside.getFileName()));
            assertEquals(CopyRegularFile.Outcome.NOT_REGULAR, copy("folder"));
            assertEquals(CopyRegularFile.Outcome.GONE, copy("missing"));
            assertEquals(CopyRegularFile.Outcome.GONE, copy("folder/a/b"));
            assertEquals(CopyRegularFile.Outcome.GONE, copy("nowhere"));
            assertTrue(List.of(CopyRegularFile.Outcome.CHANGED, CopyRegularFile.Outcome.GONE)
                    .contains(copy("loop")));
        } finally {
            Files.delete(outside);
        }
    }

    @Test
    void logsNamesOnOneLine() throws Exception {
        Path outside = Files.createFile(workspace.resolveSibling(workspace.getFileName() + "-outside"));
        Files.createSymbolicLink(workspace.resolve("a\nFinished: SUCCESS\u2028.txt"), outside);
        try {
            List<String> problems =
                    collect(null, Unavailable.LEAVE_OUT, Duration.ofMinutes(1)).problems();
            assertEquals(1, problems.size());
            assertEquals(1, problems.get(0).split("\\R").length, problems.get(0));
            assertTrue(problems.get(0).contains("a Finished: SUCCESS .txt"), problems.get(0));
        } finally {
            Files.delete(outside);
        }
    }

    @Test
    void doesNotOpenPipes() throws Exception {
        Path pipe = workspace.resolve("pipe");
        assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
        Files.createSymbolicLink(workspace.resolve("link"), pipe);
        assertEquals(CopyRegularFile.Outcome.NOT_REGULAR, copy("pipe"));
        assertEquals(CopyRegularFile.Outcome.NOT_REGULAR, copy("link"));
    }

    @Test
    void rejectsFilesThatChangeWhileBeingRead() throws Exception {
        Path file = workspace.resolve("a");
        for (int size : List.of(90_000, 0)) {
            Files.write(file, new byte[80_000]);
            OutputStream writing = new OutputStream() {
                @Override
                public void write(int octet) throws IOException {
                    write(new byte[1], 0, 1);
                }

                @Override
                public void write(byte[] octets, int offset, int length) throws IOException {
                    Files.write(file, new byte[size]);
                }
            };
            assertEquals(CopyRegularFile.Outcome.CHANGED, copy("a", writing));
        }
    }

    @Test
    void rejectsLateWrites() throws Exception {
        Spool.Entry first = spool.entry();
        first.write(new byte[10], 0, 10);
        first.abandon();
        Spool.Entry second = spool.entry();
        assertThrows(IOException.class, () -> first.write(1));
        second.write('b');
        second.close();
        assertArrayEquals(new byte[] {'b'}, content(second.as("b")));
        spool.close();
        assertThrows(IOException.class, () -> second.write(1));
        assertThrows(IOException.class, () -> content(second.as("b")));
    }

    @Test
    void leavesNoTemporaryFiles() throws Exception {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        Files.writeString(workspace.resolve("a.txt"), "a");
        collect(null, Unavailable.FAIL, Duration.ofMinutes(1));
        spool.close();
        try (var files = Files.list(folder)) {
            assertTrue(files.noneMatch(file -> file.toString().endsWith(".spool")));
        }
    }
}
