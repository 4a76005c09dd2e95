package io.jenkins.plugins.oauthmail.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A file on the controller with a token that another program renews, as Kubernetes does. Who may configure Jenkins must
 * not be able to read any file of the controller with it, so the file must be inside a directory that was allowed when
 * the controller was started, even if it is reached by symbolic links, which Kubernetes uses.
 */
final class TokenFile {
    /** The Java system property with the allowed directories, separated like a class path. */
    static final String DIRECTORIES = "io.jenkins.plugins.oauthmail.tokenDirectories";

    private static final String DEFAULT_DIRECTORY = "/var/run/secrets";

    /** Bytes. */
    private static final int MAX_SIZE = 65_536;

    /** A directory that is renewed as a whole may disappear between two accesses. */
    private static final int MAX_ATTEMPTS = 3;

    private TokenFile() {}

    /** Why no file can have this path, which need not exist; null if one can. */
    @CheckForNull
    static String problem(@NonNull String path) {
        try {
            Path given = Path.of(path);
            // A configuration for a controller on Linux can also be checked on Windows, where this needs a drive.
            boolean absolute = given.isAbsolute() || path.startsWith("/");
            return absolute && given.normalize().equals(given) ? null : Messages.TokenFile_path();
        } catch (InvalidPathException e) {
            return Messages.TokenFile_path();
        }
    }

    /**
     * Reads it.
     *
     * @return its content, which is not empty
     * @throws TokenFailure of kind {@code CREDENTIAL_MISSING} if there is no such file, {@code UNREACHABLE} if the disk is at
     *     fault, {@code KEY_MATERIAL} otherwise
     */
    @NonNull
    static String read(@NonNull String path) throws TokenFailure {
        String problem = problem(path);
        if (problem != null) {
            throw unusable(problem);
        }
        Path given = Path.of(path);
        List<Path> allowed = allowed();
        if (!isInside(given, allowed)) {
            // Without looking whether it exists.
            throw outside(path);
        }
        for (int attempt = 1; ; attempt++) {
            try {
                return content(given, allowed);
            } catch (NoSuchFileException e) {
                if (attempt == MAX_ATTEMPTS) {
                    throw new TokenFailure(TokenFailure.Kind.CREDENTIAL_MISSING, Messages.TokenFile_missing(path));
                }
            } catch (AccessDeniedException e) {
                throw unusable(Messages.TokenFile_denied(path));
            } catch (IOException e) {
                throw new TokenFailure(
                        TokenFailure.Kind.UNREACHABLE,
                        Messages.TokenFile_unreadable(path, e.getClass().getSimpleName()),
                        e);
            }
        }
    }

    private static String content(Path given, List<Path> allowed) throws IOException, TokenFailure {
        Path file = given.toRealPath();
        if (!isInside(file, allowed)) {
            throw outside(given.toString());
        }
        // Opening a named pipe would wait for a writer.
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new NoSuchFileException(given.toString());
            }
            throw unusable(Messages.TokenFile_notFile(given.toString()));
        }
        byte[] content;
        try (InputStream in = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            content = in.readNBytes(MAX_SIZE + 1);
        }
        String text = new String(content, StandardCharsets.UTF_8).strip();
        if (text.isEmpty() || content.length > MAX_SIZE) {
            throw unusable(Messages.TokenFile_size(given.toString()));
        }
        return text;
    }

    private static boolean isInside(Path file, List<Path> directories) {
        return directories.stream().anyMatch(directory -> file.startsWith(directory) && !file.equals(directory));
    }

    /** As they were given, and without symbolic links. */
    private static List<Path> allowed() {
        List<Path> allowed = new ArrayList<>();
        for (String name : names()) {
            try {
                Path directory = Path.of(name).normalize();
                if (directory.isAbsolute()) {
                    allowed.add(directory);
                    allowed.add(directory.toRealPath());
                }
            } catch (IOException | InvalidPathException notThere) {
                // No file can be inside it.
            }
        }
        return allowed;
    }

    private static List<String> names() {
        return Stream.of(System.getProperty(DIRECTORIES, DEFAULT_DIRECTORY).split(File.pathSeparator))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static TokenFailure outside(String path) {
        return unusable(Messages.TokenFile_outside(path, String.join(", ", names()), DIRECTORIES));
    }

    private static TokenFailure unusable(String sentence) {
        return new TokenFailure(TokenFailure.Kind.KEY_MATERIAL, sentence);
    }
}
