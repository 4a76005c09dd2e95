package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.remoting.RemoteOutputStream;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import jenkins.MasterToSlaveFileCallable;

/**
 * Saves a file in a workspace, on the machine that holds it: under a temporary name until it is complete, and only then
 * replacing any existing file. So nothing is written through a link or into a pipe, and a failure neither leaves a
 * partial file nor loses the existing one.
 */
final class ReceivedFile {
    private ReceivedFile() {}

    /** The directory is not inside the workspace, because a part of its path is a link that leads out. */
    static final class Outside extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** Creates the directory and an empty file in it; returns a stream for the content, to be closed by the caller. */
    static final class Begin extends MasterToSlaveFileCallable<OutputStream> {
        private static final long serialVersionUID = 1;
        private final String folder;
        private final String part;

        /**
         * @param folder directory relative to the workspace, with slashes
         * @param part unused temporary name
         */
        Begin(@NonNull String folder, @NonNull String part) {
            this.folder = folder;
            this.part = part;
        }

        @Override
        public OutputStream invoke(File workspace, VirtualChannel channel) throws IOException {
            Path root = workspace.toPath().toRealPath();
            Path place = root;
            for (String name : folder.split("/")) {
                place = below(place, name);
                if (!place.startsWith(root)) {
                    throw new Outside();
                }
                create(place);
                place = place.toRealPath();
            }
            if (!place.startsWith(root)) {
                throw new Outside();
            }
            try (WorkspaceFolder opened = WorkspaceFolder.open(root, place)) {
                return new RemoteOutputStream(Channels.newOutputStream(opened.create(Path.of(part))));
            }
        }

        private static Path below(Path place, String name) throws IOException {
            try {
                return place.resolve(name).normalize();
            } catch (InvalidPathException e) {
                throw new FileSystemException(name, null, e.getReason());
            }
        }

        private static void create(Path place) throws IOException {
            try {
                Files.createDirectory(place);
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(place)) {
                    throw e;
                }
            }
        }
    }

    /** Renames the file if it is complete; returns its name, or null if it is not complete. */
    static final class Finish extends MasterToSlaveFileCallable<String> {
        private static final long serialVersionUID = 1;
        private final String folder;
        private final String part;
        private final String name;
        private final String asciiName;
        private final long size;

        /**
         * @param asciiName a name for machines whose locale or file system lacks a character of the other; the same if
         *     that has ASCII only
         * @param size expected size in bytes
         */
        Finish(
                @NonNull String folder,
                @NonNull String part,
                @NonNull String name,
                @NonNull String asciiName,
                long size) {
            this.folder = folder;
            this.part = part;
            this.name = name;
            this.asciiName = asciiName;
            this.size = size;
        }

        @Override
        public String invoke(File workspace, VirtualChannel channel) throws IOException {
            try (WorkspaceFolder opened = open(workspace, folder)) {
                BasicFileAttributes written = opened.attributes(Path.of(part));
                if (!written.isRegularFile() || written.size() != size) {
                    return null;
                }
                return rename(opened);
            }
        }

        private String rename(WorkspaceFolder opened) throws IOException {
            try {
                opened.rename(Path.of(part), Path.of(name));
                return name;
            } catch (InvalidPathException e) {
                // The locale lacks a character.
                return renameToAscii(opened);
            } catch (FileSystemException e) {
                if (asciiName.equals(name) || opened.contains(Path.of(name))) {
                    throw e;
                }
                // Perhaps the file system lacks a character; anything else fails again.
                return renameToAscii(opened);
            }
        }

        private String renameToAscii(WorkspaceFolder opened) throws IOException {
            opened.rename(Path.of(part), Path.of(asciiName));
            return asciiName;
        }
    }

    /** Deletes the incomplete file. */
    static final class Discard extends MasterToSlaveFileCallable<Void> {
        private static final long serialVersionUID = 1;
        private final String folder;
        private final String part;

        Discard(@NonNull String folder, @NonNull String part) {
            this.folder = folder;
            this.part = part;
        }

        @Override
        public Void invoke(File workspace, VirtualChannel channel) throws IOException {
            try (WorkspaceFolder opened = open(workspace, folder)) {
                opened.delete(Path.of(part));
            } catch (NoSuchFileException e) {
                // It was not created yet, or is already gone.
                return null;
            }
            return null;
        }
    }

    private static WorkspaceFolder open(File workspace, String folder) throws IOException {
        Path root = workspace.toPath().toRealPath();
        Path place = root.resolve(folder).toRealPath();
        if (!place.startsWith(root)) {
            throw new Outside();
        }
        return WorkspaceFolder.open(root, place);
    }
}
