package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.remoting.RemoteOutputStream;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import jenkins.MasterToSlaveFileCallable;

/**
 * Copies one file of a workspace, on the machine that holds it. The file is opened once, and the checks (a regular
 * file, inside the workspace, not too large) apply to the open file, since the build may replace files and directories
 * with links at any time.
 */
final class CopyRegularFile extends MasterToSlaveFileCallable<CopyRegularFile.Outcome> {
    private static final long serialVersionUID = 1;
    private static final int CHUNK = 64 * 1024;

    private final String name;
    private final long limit;
    private final OutputStream target;

    /**
     * @param name relative to the workspace
     * @param limit maximum size in bytes
     * @param target receives the content; is closed
     */
    CopyRegularFile(@NonNull String name, long limit, @NonNull OutputStream target) {
        this.name = name;
        this.limit = limit;
        this.target = new RemoteOutputStream(target);
    }

    /** The result. Unless it is {@link #COPIED}, a part may have been copied. */
    enum Outcome {
        COPIED,
        /** The file no longer exists. */
        GONE,
        /** A link leads out of the workspace. */
        OUTSIDE,
        /** A pipe, a socket, a device or a directory. */
        NOT_REGULAR,
        /** The user that the agent runs as has no permission to read the file. */
        DENIED,
        /** The file was larger than the limit when it was opened. */
        TOO_LARGE,
        /** The file was modified or replaced meanwhile. */
        CHANGED
    }

    @Override
    public Outcome invoke(File workspace, VirtualChannel channel) throws IOException, InterruptedException {
        try (OutputStream out = target) {
            Path root = workspace.toPath().toRealPath();
            // Links within the workspace are resolved here; no links are followed from here on.
            Path real = root.resolve(name).toRealPath();
            Path parent = real.getParent();
            Path file = real.getFileName();
            if (parent == null || file == null || !real.startsWith(root) || real.equals(root)) {
                return Outcome.OUTSIDE;
            }
            try (WorkspaceFolder folder = WorkspaceFolder.open(root, parent)) {
                BasicFileAttributes before = folder.attributes(file);
                // Also checked before, since merely opening a pipe blocks until somebody writes to it.
                if (!before.isRegularFile()) {
                    return before.isSymbolicLink() ? Outcome.CHANGED : Outcome.NOT_REGULAR;
                }
                try (SeekableByteChannel in = folder.read(file)) {
                    BasicFileAttributes after = folder.attributes(file);
                    if (!after.isRegularFile() || !Objects.equals(before.fileKey(), after.fileKey())) {
                        return Outcome.CHANGED;
                    }
                    return copy(in, out);
                }
            }
        } catch (NoSuchFileException e) {
            return Outcome.GONE;
        } catch (AccessDeniedException e) {
            return Outcome.DENIED;
        } catch (FileSystemLoopException | WorkspaceFolder.LinkInTheWay e) {
            return Outcome.CHANGED;
        } catch (FileSystemException e) {
            // Not every platform has an exception of its own for a directory that became a file.
            if (!Files.exists(workspace.toPath().resolve(name))) {
                return Outcome.GONE;
            }
            throw e;
        }
    }

    private Outcome copy(SeekableByteChannel in, OutputStream out) throws IOException, InterruptedException {
        long size = in.size();
        if (size > limit) {
            return Outcome.TOO_LARGE;
        }
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
        long copied = 0;
        int count;
        while ((count = in.read(buffer)) >= 0) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            copied += count;
            if (copied > size) {
                return Outcome.CHANGED;
            }
            out.write(buffer.array(), 0, count);
            buffer.clear();
        }
        return copied == size ? Outcome.COPIED : Outcome.CHANGED;
    }
}
