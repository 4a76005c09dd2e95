package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.XmlFile;
import hudson.util.XStream2;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Files of this plugin, in which things are named by what they are, so that moving a class loses nothing. */
@Restricted(NoExternalUse.class)
public final class StateXml {
    /** Names of classes begin so in files of earlier versions. */
    private static final String ROOT = "io.jenkins.plugins.oauthmail.";

    private StateXml() {}

    /**
     * What writes and reads objects of these types under their names.
     *
     * @param names one for each type
     */
    @NonNull
    public static XStream2 of(@NonNull Name... names) {
        XStream2 xml = new XStream2();
        xml.setClassLoader(StateXml.class.getClassLoader());
        for (Name name : names) {
            name.oldClasses().forEach(old -> xml.alias(ROOT + old, name.type()));
            // The last one is written.
            xml.alias("oauthMail." + name.name(), name.type());
        }
        return xml;
    }

    /**
     * A file in the folder {@code oauth-mail/state} of Jenkins' home.
     *
     * @param name of the file
     * @param oldClass class, below the plugin's root package, that the file had its name from in earlier versions, when
     *     it lay in Jenkins' home; it is moved if it is still there
     * @throws IOException if it cannot be moved
     */
    @NonNull
    public static XmlFile file(@NonNull XStream2 xml, @NonNull String name, @NonNull String oldClass)
            throws IOException {
        Path home = Jenkins.get().getRootDir().toPath();
        // Beside the authorizations a file would share its name with that of an account.
        Path folder = home.resolve("oauth-mail").resolve("state");
        Path file = folder.resolve(name);
        Path old = home.resolve(ROOT + oldClass + ".xml");
        if (Files.exists(old) && !Files.exists(file)) {
            Files.createDirectories(folder);
            Files.move(old, file);
        }
        return new XmlFile(xml, file.toFile());
    }

    /**
     * What a type is called in files.
     *
     * @param name without the prefix that all have
     * @param oldClasses classes, below the plugin's root package, that files of earlier versions name
     */
    public record Name(
            @NonNull String name,
            @NonNull Class<?> type,
            @NonNull List<String> oldClasses) {
        public Name {
            oldClasses = List.copyOf(oldClasses);
        }
    }
}
