package io.jenkins.inmemory.build;

import hudson.Extension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What must be true of the finished plugin, whoever assembled it. */
final class HpiCheck {
    private static final Set<String> CONTENT = Set.of(
            "WEB-INF/lib/azure-json.jar",
            "WEB-INF/lib/guava-mini.jar",
            "WEB-INF/lib/msal4j.jar",
            "WEB-INF/lib/oauth-mail.jar",
            "WEB-INF/lib/subethasmtp.jar",
            "WEB-INF/licenses.xml");
    private static final List<String> ATTRIBUTES = List.of(
            "Artifact-Id",
            "Group-Id",
            "Hudson-Version",
            "Implementation-Title",
            "Implementation-Version",
            "Jenkins-Version",
            "Long-Name",
            "Minimum-Java-Version",
            "Plugin-Dependencies",
            "Plugin-License-Name",
            "Plugin-License-Url",
            "Plugin-Version",
            "Short-Name",
            "Specification-Title",
            "Url");
    private static final String EXTENSIONS = "META-INF/annotations/" + Extension.class.getName();
    private static final String SYMBOLS = AnnotationIndex.FOLDER + "/org.jenkinsci.Symbol";
    private static final String PACKAGE = "io/jenkins/plugins/oauthmail/";
    private static final int JAVA_17 = 61;

    private final List<String> problems = new ArrayList<>();

    private HpiCheck() {}

    /** @throws IOException if something is not as it has to be; it lists everything that is not */
    static void check(Archive plugin, Archive hpi, Manifest manifest) throws IOException {
        HpiCheck check = new HpiCheck();
        check.content(hpi);
        check.manifest(manifest);
        check.plugin(plugin.entries());
        if (!check.problems.isEmpty()) {
            throw new IOException("oauth-mail.hpi is not right: " + String.join(" ", check.problems));
        }
    }

    private void content(Archive hpi) {
        Set<String> unversioned = hpi.entries().keySet().stream()
                .map(name -> name.replaceFirst("-[0-9][^/]*\\.jar$", ".jar"))
                .collect(Collectors.toCollection(TreeSet::new));
        require(
                unversioned.equals(CONTENT),
                "It must hold " + new TreeSet<>(CONTENT) + " but holds " + unversioned + ".");
    }

    private void manifest(Manifest manifest) {
        Attributes attributes = manifest.getMainAttributes();
        for (String name : ATTRIBUTES) {
            String value = attributes.getValue(name);
            require(value != null && !value.isBlank(), "Its manifest has no " + name + ".");
        }
        for (String dependency :
                String.valueOf(attributes.getValue("Plugin-Dependencies")).split(",")) {
            require(
                    dependency.matches("[a-z0-9-]+:[0-9][\\w.-]*(;resolution:=optional)?"),
                    "The plugin " + dependency + " has no version.");
        }
    }

    private void plugin(Map<String, byte[]> entries) {
        require(entries.containsKey("index.jelly"), "The description index.jelly is missing.");
        entries.forEach((name, content) -> {
            if (name.endsWith(".class")) {
                require(name.startsWith(PACKAGE), "The class " + name + " is not the plugin's.");
                require(content[7] == JAVA_17, "The class " + name + " is not for Java 17.");
                require(
                        !text(content).contains("io/jenkins/inmemory"),
                        "The class " + name + " needs the in-memory Jenkins.");
            }
        });
        indexed(entries, EXTENSIONS + ".txt", "Lhudson/Extension;");
        indexed(entries, SYMBOLS, "Lorg/jenkinsci/Symbol;");
        require(entries.containsKey(EXTENSIONS), "The index " + EXTENSIONS + " is missing.");
    }

    /** An index must name exactly the classes in whose bytes the annotation stands. */
    private void indexed(Map<String, byte[]> entries, String index, String descriptor) {
        Set<String> listed = Stream.of(
                        text(entries.getOrDefault(index, new byte[0])).split("\n"))
                .map(line -> line.replaceFirst("[#({\\s].*", ""))
                .filter(line -> !line.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> annotated = entries.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(".class"))
                .filter(entry -> text(entry.getValue()).contains(descriptor))
                .map(entry -> entry.getKey().replace('/', '.').replaceFirst("\\.class$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        require(!listed.isEmpty(), "The index " + index + " is missing or empty.");
        require(
                listed.equals(annotated),
                "The index " + index + " lists " + listed + " but annotated are " + annotated + ".");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private void require(boolean condition, String problem) {
        if (!condition) {
            problems.add(problem);
        }
    }
}
