package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.io.FileNotFoundException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Describes a file error for people who must not see the file's path. Java puts the path into the message of each
 * exception, often with nothing else.
 */
public final class FileFailure {

    /** Absolute paths of any operating system, but not URLs or dates. */
    private static final Pattern PATH =
            Pattern.compile("(?<![\\w.:/\\\\-])(?:/|[A-Za-z]:[/\\\\]|\\\\\\\\)[^\\s'\"<>|():,;]*[^\\s'\"<>|():,;.]");

    /** The reason that {@link FileNotFoundException} appends to the path. */
    private static final Pattern REASON_LAST = Pattern.compile(" \\(([^()]+)\\)$");

    private static final int MAX_CAUSES = 20;

    private FileFailure() {}

    /**
     * Describes the failure in a few words that fit into a sentence.
     *
     * @param failure the exception that was thrown
     * @return one line without any absolute path, never empty
     */
    @NonNull
    public static String reason(@NonNull Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            String known = known(cause);
            if (known != null) {
                return known;
            }
            cause = cause.getCause();
        }
        String said = withoutPaths(QuotedText.clean(failure.getMessage()));
        return said.isEmpty() ? failure.getClass().getSimpleName() : said;
    }

    /**
     * Replaces each absolute path in a text by an ellipsis.
     *
     * @param text a message from elsewhere; null counts as empty
     */
    @NonNull
    public static String withoutPaths(@CheckForNull String text) {
        return text == null ? "" : PATH.matcher(text).replaceAll("[...]");
    }

    private static String known(Throwable failure) {
        if (failure instanceof FileNotFoundException) {
            Matcher last = REASON_LAST.matcher(String.valueOf(failure.getMessage()));
            return last.find() ? withoutPaths(QuotedText.clean(last.group(1))) : null;
        }
        if (!(failure instanceof FileSystemException)) {
            return null;
        }
        if (failure instanceof NoSuchFileException) {
            return Messages.FileFailure_missing();
        }
        if (failure instanceof AccessDeniedException) {
            return Messages.FileFailure_denied();
        }
        if (failure instanceof FileAlreadyExistsException || failure instanceof DirectoryNotEmptyException) {
            return Messages.FileFailure_exists();
        }
        if (failure instanceof NotDirectoryException) {
            return Messages.FileFailure_notDirectory();
        }
        String said = withoutPaths(QuotedText.clean(((FileSystemException) failure).getReason()));
        return said.isEmpty() ? failure.getClass().getSimpleName() : said;
    }
}
