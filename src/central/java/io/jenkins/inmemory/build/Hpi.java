package io.jenkins.inmemory.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Manifest;

/** Assembles {@code oauth-mail.hpi} from what Maven compiled and copied, and refuses to leave one that is not whole. */
public final class Hpi {
    private Hpi() {}

    /** @param arguments the folder {@code src/central}, and the version in its POM */
    public static void main(String[] arguments) throws IOException {
        Path central = Path.of(arguments[0]);
        Path target = central.resolve("target");
        Manifest manifest = PluginManifest.of(central, PluginVersion.of(central, arguments[1]));

        Archive plugin = plugin(central, manifest);
        Archive hpi = new Archive(manifest);
        hpi.addAll(central.resolve("../main/webapp"));
        try (var jars = Files.newDirectoryStream(target.resolve("lib"), "*.jar")) {
            for (Path jar : jars) {
                hpi.add("WEB-INF/lib/" + jar.getFileName(), Files.readAllBytes(jar));
            }
        }
        hpi.add("WEB-INF/lib/oauth-mail.jar", plugin.toBytes());
        String licenses = Files.readString(central.resolve("licenses.xml"));
        hpi.add("WEB-INF/licenses.xml", licenses.getBytes(StandardCharsets.UTF_8));

        HpiCheck.check(plugin, hpi, manifest);
        Files.write(target.resolve("oauth-mail.jar"), plugin.toBytes());
        Files.write(target.resolve("oauth-mail.hpi"), hpi.toBytes());
    }

    private static Archive plugin(Path central, Manifest manifest) throws IOException {
        Path classes = central.resolve("target/classes");
        Archive plugin = new Archive(manifest);
        for (Path file : new PluginClasses(central).files()) {
            plugin.add(PluginClasses.slashed(file), Files.readAllBytes(classes.resolve(file)));
        }
        plugin.addAll(central.resolve("../main/resources"));
        for (String index : new String[] {"META-INF/annotations", AnnotationIndex.FOLDER}) {
            try (var files = Files.newDirectoryStream(classes.resolve(index))) {
                for (Path file : files) {
                    plugin.add(index + "/" + file.getFileName(), Files.readAllBytes(file));
                }
            }
        }
        return plugin;
    }
}
