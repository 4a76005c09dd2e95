package hudson;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.remoting.Callable;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.tools.ant.types.FileSet;
import org.jenkinsci.remoting.RoleChecker;
import org.jenkinsci.remoting.RoleSensitive;

/** A file or folder of a workspace; here always on this machine, though {@link #act} may go through a channel. */
public final class FilePath implements Serializable {
    private static final long serialVersionUID = 1;

    @CheckForNull
    private final transient VirtualChannel channel;

    private final String remote;

    public FilePath(@NonNull File localPath) {
        this((VirtualChannel) null, localPath.getPath());
    }

    public FilePath(@NonNull FilePath base, @NonNull String rel) {
        this(base.channel, base.path().resolve(rel).normalize().toString());
    }

    public FilePath(@CheckForNull VirtualChannel channel, @NonNull String remote) {
        this.channel = channel;
        this.remote = remote;
    }

    public String getRemote() {
        return remote;
    }

    public String getName() {
        return path().getFileName().toString();
    }

    @NonNull
    public FilePath child(String relOrAbsolute) {
        return new FilePath(this, relOrAbsolute);
    }

    @CheckForNull
    public FilePath getParent() {
        Path parent = path().getParent();
        return parent == null ? null : new FilePath(channel, parent.toString());
    }

    public VirtualChannel getChannel() {
        return channel == null ? LOCAL : channel;
    }

    public <T> T act(FileCallable<T> callable) throws IOException, InterruptedException {
        if (channel == null) {
            return callable.invoke(path().toFile(), LOCAL);
        }
        return channel.call(new Callable<T, IOException>() {
            private static final long serialVersionUID = 1;

            @Override
            public T call() throws IOException {
                try {
                    return callable.invoke(path().toFile(), channel);
                } catch (InterruptedException e) {
                    throw (IOException) new InterruptedIOException().initCause(e);
                }
            }

            @Override
            public void checkRoles(@NonNull RoleChecker checker) {
                callable.checkRoles(checker);
            }
        });
    }

    public boolean exists() throws IOException, InterruptedException {
        return Files.exists(path());
    }

    public boolean isDirectory() throws IOException, InterruptedException {
        return Files.isDirectory(path());
    }

    public long length() throws IOException, InterruptedException {
        return path().toFile().length();
    }

    public void mkdirs() throws IOException, InterruptedException {
        Files.createDirectories(path());
    }

    /** Permissions are those of a new file here. */
    public void chmod(int mask) throws IOException, InterruptedException {}

    public void touch(long timestamp) throws IOException, InterruptedException {
        if (!exists()) {
            Files.createFile(path());
        }
        Files.setLastModifiedTime(path(), FileTime.fromMillis(timestamp));
    }

    public void renameTo(FilePath target) throws IOException, InterruptedException {
        Files.move(path(), target.path());
    }

    public boolean delete() throws IOException, InterruptedException {
        return Files.deleteIfExists(path());
    }

    public InputStream read() throws IOException, InterruptedException {
        return Files.newInputStream(path());
    }

    public OutputStream write() throws IOException, InterruptedException {
        Files.createDirectories(path().toAbsolutePath().getParent());
        return Files.newOutputStream(path());
    }

    public void write(String content, String encoding) throws IOException, InterruptedException {
        Charset charset = encoding == null ? Charset.defaultCharset() : Charset.forName(encoding);
        Files.createDirectories(path().toAbsolutePath().getParent());
        Files.writeString(path(), content, charset);
    }

    public void copyFrom(InputStream in) throws IOException, InterruptedException {
        try (OutputStream out = write()) {
            in.transferTo(out);
        }
    }

    public void copyTo(OutputStream os) throws IOException, InterruptedException {
        Files.copy(path(), os);
    }

    public void copyTo(FilePath target) throws IOException, InterruptedException {
        Files.createDirectories(target.path().toAbsolutePath().getParent());
        Files.copy(path(), target.path(), StandardCopyOption.REPLACE_EXISTING);
    }

    @NonNull
    public List<FilePath> list() throws IOException, InterruptedException {
        try (Stream<Path> children = Files.list(path())) {
            List<FilePath> files = new ArrayList<>();
            children.sorted().forEach(child -> files.add(new FilePath(child.toFile())));
            return files;
        }
    }

    @NonNull
    public FilePath[] list(String includes) throws IOException, InterruptedException {
        return list(includes, null);
    }

    @NonNull
    public FilePath[] list(String includes, String excludes) throws IOException, InterruptedException {
        return list(includes, excludes, true);
    }

    @NonNull
    public FilePath[] list(String includes, String excludes, boolean defaultExcludes)
            throws IOException, InterruptedException {
        FileSet files = Util.createFileSet(new File(remote), includes, excludes);
        files.setDefaultexcludes(defaultExcludes);
        return Arrays.stream(files.getDirectoryScanner().getIncludedFiles())
                .sorted()
                .map(this::child)
                .toArray(FilePath[]::new);
    }

    /** Whether a relative path stays below this folder when its symbolic links are followed. */
    public boolean isDescendant(@NonNull String potentialChildRelativePath) throws IOException, InterruptedException {
        if (new File(potentialChildRelativePath).isAbsolute()) {
            throw new IllegalArgumentException(
                    "Only a relative path is supported, the given path is absolute: " + potentialChildRelativePath);
        }
        try {
            Path root = path().toRealPath();
            Path place = root;
            for (Path name : Path.of(potentialChildRelativePath)) {
                place = place.resolve(name).normalize();
                if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                    place = place.toRealPath();
                }
                if (!place.startsWith(root)) {
                    return false;
                }
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public boolean equals(Object that) {
        return that instanceof FilePath other && remote.equals(other.remote);
    }

    @Override
    public int hashCode() {
        return remote.hashCode();
    }

    @Override
    public String toString() {
        return remote;
    }

    private Path path() {
        return Path.of(remote);
    }

    /** Work to be done where the file is. */
    public interface FileCallable<T> extends Serializable, RoleSensitive {
        T invoke(File f, VirtualChannel channel) throws IOException, InterruptedException;
    }

    private static final VirtualChannel LOCAL = new VirtualChannel() {
        @Override
        public <V, T extends Throwable> V call(Callable<V, T> callable) throws T {
            return callable.call();
        }

        @Override
        public void syncLocalIO() {}
    };
}
