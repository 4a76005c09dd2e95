package io.jenkins.inmemory.build;

import hudson.Extension;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Properties;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import jenkins.YesNoMaybe;
import net.java.sezpoz.Index;
import net.java.sezpoz.IndexItem;

/** The manifest of the plugin, with the attributes that {@code maven-hpi-plugin} writes. */
final class PluginManifest {
    private PluginManifest() {}

    /**
     * @param central the folder {@code src/central}, whose {@code manifest.properties} has what does not change
     * @param version the plugin's
     */
    static Manifest of(Path central, String version) throws IOException {
        Properties constant = new Properties();
        try (Reader reader = Files.newBufferedReader(central.resolve("manifest.properties"))) {
            constant.load(reader);
        }
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        constant.forEach((name, value) -> attributes.putValue(name.toString(), value.toString()));
        attributes.putValue("Implementation-Version", version);
        attributes.putValue("Specification-Version", version.replaceFirst("[.-].*", "") + ".0");
        attributes.putValue("Plugin-Version", version.endsWith("-SNAPSHOT") ? version + " (private-central)" : version);
        YesNoMaybe dynamic = dynamicLoading();
        if (dynamic != YesNoMaybe.MAYBE) {
            attributes.putValue("Support-Dynamic-Loading", Boolean.toString(dynamic == YesNoMaybe.YES));
        }
        return manifest;
    }

    /** Yes if every extension says so, no if one does. */
    private static YesNoMaybe dynamicLoading() {
        Set<YesNoMaybe> answers = EnumSet.noneOf(YesNoMaybe.class);
        for (IndexItem<Extension, Object> item :
                Index.load(Extension.class, Object.class, PluginManifest.class.getClassLoader())) {
            answers.add(item.annotation().dynamicLoadable());
        }
        if (answers.contains(YesNoMaybe.NO)) {
            return YesNoMaybe.NO;
        }
        return answers.contains(YesNoMaybe.MAYBE) ? YesNoMaybe.MAYBE : YesNoMaybe.YES;
    }
}
