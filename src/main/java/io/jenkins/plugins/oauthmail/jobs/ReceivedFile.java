package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.remoting.RemoteOutputStream;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import jenkins.MasterToSlaveFileCallable;

/**
 * A file that is being saved in a workspace, where the workspace is: under another name until it is whole, and only then
 * in place of whatever has its name. So nothing is written through a link or into a pipe, and a failure leaves neither half a
 * file nor loses the one that was there.
 */
final class ReceivedFile {
    private ReceivedFile() {}

    /** The folder is not inside the workspace: a part of it is a link that leads out. */
    static final class Outside extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** Makes the folder and an empty file in it; gives what the content is to be written to, and closed. */
    static final class Begin extends MasterToSlaveFileCallable<OutputStream> {
        private static final long serialVersionUID = 1;
        private final String folder;
        private final String part;

        /**
         * @param folder relative to the workspace, with slashes
         * @param part name that nothing in it has yet
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
                place = place.resolve(name).normalize();
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

    /** Gives the file its name if it is whole; whether it was. */
    static final class Finish extends MasterToSlaveFileCallable<Boolean> {
        private static final long serialVersionUID = 1;
        private final String folder;
        private final String part;
        private final String name;
        private final long size;

        /** @param size bytes that it has if it is whole */
        Finish(@NonNull String folder, @NonNull String part, @NonNull String name, long size) {
            this.folder = folder;
            this.part = part;
            this.name = name;
            this.size = size;
        }

        @Override
        public Boolean invoke(File workspace, VirtualChannel channel) throws IOException {
            try (WorkspaceFolder opened = open(workspace, folder)) {
                BasicFileAttributes written = opened.attributes(Path.of(part));
                if (!written.isRegularFile() || written.size() != size) {
                    return false;
                }
                opened.rename(Path.of(part), Path.of(name));
                return true;
            }
        }
    }

    /** Deletes the file that did not become whole. */
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
                // It was not there yet, or is there no more.
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
