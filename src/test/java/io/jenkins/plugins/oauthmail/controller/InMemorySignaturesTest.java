package io.jenkins.plugins.oauthmail.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code src/central/java} says of Jenkins and its plugins is true: every type, method, constructor and field there
 * also exists, with the same descriptor, where the root build gets the real ones from. Otherwise a plugin of the Central
 * build would break in a controller.
 */
class InMemorySignaturesTest {
    private static final Path SOURCES = Path.of("src/central/java");

    /** What plays a controller has no counterpart. */
    private static final Path OWN = Path.of("io/jenkins/inmemory");

    @TempDir
    Path classes;

    @Test
    void everySignatureExistsInJenkins() throws Exception {
        List<Path> sources = sources();
        compile(sources);
        ClassLoader real = getClass().getClassLoader();
        List<String> differences = new ArrayList<>();
        try (URLClassLoader inMemory =
                new SourcesFirst(new URL[] {classes.toUri().toURL()}, real)) {
            for (String name : classNames()) {
                differences.addAll(new SignatureComparison(Class.forName(name, false, inMemory), real).differences());
            }
        }
        assertEquals(List.of(), differences);
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    private void compile(List<Path> sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-nowarn", "-d", classes.toString()));
        arguments.addAll(List.of("-classpath", System.getProperty("java.class.path")));
        sources.forEach(source -> arguments.add(source.toString()));
        assertEquals(0, compiler.run(null, null, null, arguments.toArray(String[]::new)));
    }

    private List<String> classNames() throws IOException {
        try (Stream<Path> files = Files.walk(classes)) {
            List<String> names = files.map(classes::relativize)
                    .filter(file -> file.toString().endsWith(".class") && !file.startsWith(OWN))
                    .map(file -> file.toString().replace(file.getFileSystem().getSeparator(), "."))
                    .map(file -> file.substring(0, file.length() - ".class".length()))
                    .sorted()
                    .toList();
            assertTrue(names.contains("jenkins.model.Jenkins"), names.toString());
            return names;
        }
    }

    /** Takes a class from its own folder if it is there, though the parent has another one of the same name. */
    private static final class SourcesFirst extends URLClassLoader {
        SourcesFirst(URL[] folders, ClassLoader parent) {
            super(folders, parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded != null) {
                    return loaded;
                }
                return findResource(name.replace('.', '/') + ".class") == null
                        ? super.loadClass(name, resolve)
                        : findClass(name);
            }
        }
    }
}
