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
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Deletes temporary files of a controller that was killed while it replaced a file. Jenkins writes a temporary file
 * beside the original and renames it; nothing else deletes what is left behind.
 */
@Restricted(NoExternalUse.class)
public final class KilledWrites {
    private static final Logger LOGGER = Logger.getLogger(KilledWrites.class.getName());

    /** As {@code hudson.util.AtomicFileWriter} names them. */
    private static final Pattern TEMPORARY = Pattern.compile("atomic-?\\d+\\.?tmp");

    private KilledWrites() {}

    /**
     * Deletes leftover files. Must be called while nothing writes to the directory, and only for directories that only
     * this plugin uses.
     *
     * @param folder the directory; does nothing if it does not exist
     * @param orphan whether a file with another name is left over, too
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
            LOGGER.log(Level.WARNING, e, () -> "Cannot delete files left over from unfinished writes in " + folder);
        }
    }
}
