package io.jenkins.inmemory.build;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** A jar in the making. The same content gives the same bytes. */
final class Archive {
    private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 1, 0, 0);

    private final TreeMap<String, byte[]> entries = new TreeMap<>();
    private final Manifest manifest;

    Archive(Manifest manifest) {
        this.manifest = manifest;
    }

    TreeMap<String, byte[]> entries() {
        return entries;
    }

    /** Adds everything below a folder; nothing if there is no such folder. */
    void addAll(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder).filter(Files::isRegularFile)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                add(PluginClasses.slashed(folder.relativize(file)), Files.readAllBytes(file));
            }
        }
    }

    void add(String name, byte[] content) {
        entries.put(name, content);
    }

    byte[] toBytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes)) {
            ByteArrayOutputStream written = new ByteArrayOutputStream();
            manifest.write(written);
            put(jar, JarFile.MANIFEST_NAME, written.toByteArray());
            for (var entry : entries.entrySet()) {
                put(jar, entry.getKey(), entry.getValue());
            }
        }
        return bytes.toByteArray();
    }

    private static void put(JarOutputStream jar, String name, byte[] content) throws IOException {
        JarEntry entry = new JarEntry(name);
        entry.setTimeLocal(TIME);
        jar.putNextEntry(entry);
        jar.write(content);
        jar.closeEntry();
    }
}
