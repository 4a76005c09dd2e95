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
 * An open folder of a workspace, on the machine that it is on. Where the system can, each folder on the way is opened
 * from the one above it, so that nobody can put a link in the way; elsewhere its real path is asked before and after.
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

    /** A link was put where a folder or file was. */
    static final class LinkInTheWay extends IOException {
        private static final long serialVersionUID = 1;

        LinkInTheWay(Exception cause) {
            super("a link is in the way", cause);
        }
    }

    /**
     * Opens a folder.
     *
     * @param root real path of the workspace
     * @param folder real path of the folder, the workspace or below it
     * @throws LinkInTheWay if a part of that path is a link by now
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

    @SuppressWarnings("unchecked") // as it was opened
    private SecureDirectoryStream<Path> secure() {
        return stream instanceof SecureDirectoryStream ? (SecureDirectoryStream<Path>) stream : null;
    }

    /** Where there are paths only. */
    private void checkPath() throws IOException {
        if (secure() == null && !path.equals(path.toRealPath())) {
            throw new LinkInTheWay(null);
        }
    }

    /** Of a file in it, or of the link if it is one. */
    @NonNull
    BasicFileAttributes attributes(@NonNull Path name) throws IOException {
        return view(name).readAttributes();
    }

    private BasicFileAttributeView view(Path name) {
        return secure() == null
                ? Files.getFileAttributeView(
                        path.resolve(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                : secure().getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Opens a file in it for reading.
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

    /** Makes a file in it that was not there. */
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

    /** Gives a file in it another name, in place of whatever file or link has that name. */
    void rename(@NonNull Path from, @NonNull Path to) throws IOException {
        if (secure() != null) {
            secure().move(from, secure(), to);
        } else {
            checkPath();
            Files.move(path.resolve(from), path.resolve(to), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Deletes a file in it. */
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
