package io.jenkins.plugins.oauthmail.config;

import com.thoughtworks.xstream.XStream;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.XmlFile;
import hudson.util.XStream2;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The XML of this plugin, in files of its own and in files of Jenkins. Types have stable names there, so that moving a
 * class loses nothing.
 */
@Restricted(NoExternalUse.class)
public final class StoredXml {
    private static final Logger LOGGER = Logger.getLogger(StoredXml.class.getName());

    /** The prefix of class names in files of earlier versions. */
    private static final String ROOT = "io.jenkins.plugins.oauthmail.";

    /** What Jenkins refuses to write, and with it the whole file. */
    private static final Pattern NOT_XML = Pattern.compile("[\\x00\\uFFFE\\uFFFF\\p{Cs}]");

    private StoredXml() {}

    /**
     * Makes text by others storable: with one character that is not allowed in XML, neither it nor anything else in the
     * same file, such as a build, could be saved any more.
     *
     * @return the text with U+FFFD in place of such characters; null for null
     */
    @Nullable
    public static String storable(@CheckForNull String text) {
        return text == null ? null : NOT_XML.matcher(text).replaceAll("\uFFFD");
    }

    /**
     * Creates an XStream that writes and reads these types under their names.
     *
     * @param names one for each type
     */
    @NonNull
    public static XStream2 of(@NonNull Name... names) {
        XStream2 xml = new XStream2();
        xml.setClassLoader(StoredXml.class.getClassLoader());
        name(xml, names);
        return xml;
    }

    /**
     * Makes an XStream write and read these types under their names.
     *
     * @param xml for example the one for builds; must not have read anything yet
     * @param names one for each type
     */
    public static void name(@NonNull XStream xml, @NonNull Name... names) {
        for (Name name : names) {
            name.oldClasses().forEach(old -> xml.alias(ROOT + old, name.type()));
            // The last one is written.
            xml.alias("oauthMail." + name.name(), name.type());
        }
    }

    /**
     * A file in {@code oauth-mail/state} in the Jenkins home directory.
     *
     * @param name of the file
     * @param oldClass the class, below the plugin's root package, after which earlier versions named the file in the
     *     Jenkins home directory; a file with that name is moved
     * @throws IOException if it cannot be moved
     */
    @NonNull
    public static XmlFile state(@NonNull XStream2 xml, @NonNull String name, @NonNull String oldClass)
            throws IOException {
        // Next to the authorizations, it could have the name of an account's file.
        Path folder = home().resolve("oauth-mail").resolve("state");
        Path file = folder.resolve(name);
        move(old(oldClass), file);
        return new XmlFile(xml, file.toFile());
    }

    /**
     * A file in the Jenkins home directory, where backups look for configuration.
     *
     * @param name of the file
     * @param oldClass as for {@link #state}; if the old file cannot be moved, it is used where it is
     */
    @NonNull
    static XmlFile configuration(@NonNull XStream2 xml, @NonNull String name, @NonNull String oldClass) {
        Path file = home().resolve(name);
        Path old = old(oldClass);
        try {
            move(old, file);
            return new XmlFile(xml, file.toFile());
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot rename " + old + " to " + name);
            return new XmlFile(xml, old.toFile());
        }
    }

    private static void move(Path old, Path file) throws IOException {
        if (Files.exists(old) && !Files.exists(file)) {
            Files.createDirectories(file.resolveSibling("."));
            Files.move(old, file);
        }
    }

    private static Path old(String oldClass) {
        return home().resolve(ROOT + oldClass + ".xml");
    }

    private static Path home() {
        return Jenkins.get().getRootDir().toPath();
    }

    /**
     * The name of a type in files.
     *
     * @param name without the common prefix
     * @param oldClasses classes, below the plugin's root package, that files of earlier versions name
     */
    public record Name(
            @NonNull String name,
            @NonNull Class<?> type,
            @NonNull List<String> oldClasses) {
        public Name {
            oldClasses = List.copyOf(oldClasses);
        }

        /** @param oldClasses as above */
        public Name(@NonNull String name, @NonNull Class<?> type, @NonNull String... oldClasses) {
            this(name, type, List.of(oldClasses));
        }
    }
}
