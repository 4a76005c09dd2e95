package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/**
 * An open directory of a workspace, on the machine that holds it. Where the platform supports it, each directory on the
 * path is opened relative to its parent, so that no link can be inserted; elsewhere the real path is compared before
 * and after.
 */
final class WorkspaceFolder implements AutoCloseable {
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> CREATE =
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, LinkOption.NOFOLLOW_LINKS);

    private final Path path;
    private final DirectoryStream<Path> stream;

    private WorkspaceFolder(Path path, DirectoryStream<Path> stream) {
        this.path = path;
        this.stream = stream;
    }

    /** A directory or file was replaced by a link. */
    static final class LinkInTheWay extends IOException {
        private static final long serialVersionUID = 1;

        LinkInTheWay(Exception cause) {
            super("a link is in the way", cause);
        }
    }

    /**
     * Opens a directory.
     *
     * @param root real path of the workspace
     * @param folder real path of the directory, the workspace itself or inside it
     * @throws LinkInTheWay if a part of that path has become a link
     */
    @NonNull
    static WorkspaceFolder open(@NonNull Path root, @NonNull Path folder) throws IOException {
        DirectoryStream<Path> here = Files.newDirectoryStream(root);
        boolean done = false;
        try {
            if (here instanceof SecureDirectoryStream) {
                for (Path name : root.relativize(folder)) {
                    if (!name.toString().isEmpty()) {
                        DirectoryStream<Path> above = here;
                        here = below((SecureDirectoryStream<Path>) above, name);
                        above.close();
                    }
                }
            }
            WorkspaceFolder opened = new WorkspaceFolder(folder, here);
            opened.checkPath();
            done = true;
            return opened;
        } finally {
            if (!done) {
                here.close();
            }
        }
    }

    private static DirectoryStream<Path> below(SecureDirectoryStream<Path> folder, Path name) throws IOException {
        try {
            return folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
        } catch (FileSystemException e) {
            throw linkOr(e, folder.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS));
        }
    }

    private static IOException linkOr(FileSystemException failure, BasicFileAttributeView view) throws IOException {
        return view.readAttributes().isSymbolicLink() ? new LinkInTheWay(failure) : failure;
    }

    @SuppressWarnings("unchecked") // has the type it was opened with
    private SecureDirectoryStream<Path> secure() {
        return stream instanceof SecureDirectoryStream ? (SecureDirectoryStream<Path>) stream : null;
    }

    /** For platforms that cannot open files relative to a directory. */
    private void checkPath() throws IOException {
        if (secure() == null && !path.equals(path.toRealPath())) {
            throw new LinkInTheWay(null);
        }
    }

    /** The attributes of a file in the directory, or of the link if it is one. */
    @NonNull
    BasicFileAttributes attributes(@NonNull Path name) throws IOException {
        return view(name).readAttributes();
    }

    /** Whether the directory has a file, link or directory with this name; false also if that cannot be found out. */
    boolean contains(@NonNull Path name) {
        try {
            attributes(name);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private BasicFileAttributeView view(Path name) {
        return secure() == null
                ? Files.getFileAttributeView(
                        path.resolve(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                : secure().getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Opens a file in the directory for reading.
     *
     * @throws LinkInTheWay if it is a link
     */
    @NonNull
    SeekableByteChannel read(@NonNull Path name) throws IOException {
        try {
            return open(name, READ);
        } catch (FileSystemException e) {
            throw linkOr(e, view(name));
        }
    }

    /** Creates a new file in the directory. */
    @NonNull
    SeekableByteChannel create(@NonNull Path name) throws IOException {
        return open(name, CREATE);
    }

    private SeekableByteChannel open(Path name, Set<OpenOption> how) throws IOException {
        if (secure() != null) {
            return secure().newByteChannel(name, how);
        }
        SeekableByteChannel opened = Files.newByteChannel(path.resolve(name), how);
        boolean done = false;
        try {
            checkPath();
            done = true;
            return opened;
        } finally {
            if (!done) {
                opened.close();
            }
        }
    }

    /** Renames a file in the directory, replacing any file or link with the new name. */
    void rename(@NonNull Path from, @NonNull Path to) throws IOException {
        if (secure() != null) {
            secure().move(from, secure(), to);
        } else {
            checkPath();
            Files.move(path.resolve(from), path.resolve(to), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Deletes a file in the directory. */
    void delete(@NonNull Path name) throws IOException {
        if (secure() != null) {
            secure().deleteFile(name);
        } else {
            checkPath();
            Files.delete(path.resolve(name));
        }
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
