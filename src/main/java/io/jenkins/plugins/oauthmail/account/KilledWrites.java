package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;

/**
 * What a controller leaves behind that is killed while it replaces a file: Jenkins writes a temporary one beside it and
 * renames that. Nobody else ever deletes them.
 */
public final class KilledWrites {
    private static final Logger LOGGER = Logger.getLogger(KilledWrites.class.getName());

    /** Of {@code hudson.util.AtomicFileWriter}. */
    private static final Pattern TEMPORARY = Pattern.compile("atomic-?\\d+\\.?tmp");

    private KilledWrites() {}

    /**
     * Deletes what was left behind. To be called while nobody writes there, and only for folders that are the plugin's
     * alone.
     *
     * @param folder which files are in; one that does not exist is clean
     * @param orphan whether a file of this name is a remainder too
     */
    public static void delete(@NonNull Path folder, @NonNull Predicate<String> orphan) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = folder.relativize(file).toString();
                if ((TEMPORARY.matcher(name).matches() || orphan.test(name))
                        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot delete what unfinished writes have left in " + folder);
        }
    }
}
