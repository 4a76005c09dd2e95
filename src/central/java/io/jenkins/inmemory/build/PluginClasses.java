package io.jenkins.inmemory.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The compiled classes that are the plugin's. The in-memory Jenkins is compiled together with it; a class is the
 * plugin's if its source is.
 */
final class PluginClasses {
    private static final String CLASS = ".class";

    private final Path classes;
    private final List<Path> pluginSources;
    private final Path otherSources;

    /** @param central the folder {@code src/central} */
    PluginClasses(Path central) {
        this.classes = central.resolve("target/classes");
        this.pluginSources =
                List.of(central.resolve("../main/java"), central.resolve("target/generated-sources/localizer"));
        this.otherSources = central.resolve("java");
    }

    /** Their files, relative to the folder of classes, in alphabetical order. */
    List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(classes)) {
            for (Path file : (Iterable<Path>) all.sorted()::iterator) {
                if (file.toString().endsWith(CLASS) && isPlugins(classes.relativize(file))) {
                    files.add(classes.relativize(file));
                }
            }
        }
        return files;
    }

    /** Their binary names. */
    List<String> names() throws IOException {
        return files().stream().map(PluginClasses::name).toList();
    }

    private static String name(Path file) {
        String path = slashed(file);
        return path.substring(0, path.length() - CLASS.length()).replace('/', '.');
    }

    /** With slashes, as in archives. */
    static String slashed(Path path) {
        return path.toString().replace('\\', '/');
    }

    private boolean isPlugins(Path classFile) throws IOException {
        String source = slashed(classFile).replaceFirst("(\\$.*)?\\.class$", ".java");
        if (pluginSources.stream().anyMatch(folder -> Files.exists(folder.resolve(source)))) {
            return true;
        }
        if (Files.exists(otherSources.resolve(source))) {
            return false;
        }
        throw new IOException("There is no source of " + classFile + "; remove src/central/target and build again.");
    }
}
