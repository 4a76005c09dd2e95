package io.jenkins.inmemory.build;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jvnet.hudson.annotation_indexer.Indexed;

/**
 * Writes what Jenkins' {@code annotation-indexer} would: for each {@link Indexed} annotation, such as {@code @Symbol},
 * a list of the plugin's classes that have it on themselves or on a member.
 */
public final class AnnotationIndex {
    /** Where that indexer writes since 1.18. */
    static final String FOLDER = "META-INF/services/annotations";

    private AnnotationIndex() {}

    /** @param arguments the folder {@code src/central} */
    public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
        Path central = Path.of(arguments[0]);
        Map<String, TreeSet<String>> index = new TreeMap<>();
        for (String name : new PluginClasses(central).names()) {
            for (AnnotatedElement element :
                    elements(Class.forName(name, false, AnnotationIndex.class.getClassLoader()))) {
                for (Annotation annotation : element.getAnnotations()) {
                    Class<?> type = annotation.annotationType();
                    if (type.isAnnotationPresent(Indexed.class)) {
                        index.computeIfAbsent(type.getName(), unused -> new TreeSet<>())
                                .add(name);
                    }
                }
            }
        }
        Path folder = Files.createDirectories(central.resolve("target/classes").resolve(FOLDER));
        for (Map.Entry<String, TreeSet<String>> entry : index.entrySet()) {
            Files.writeString(folder.resolve(entry.getKey()), String.join("\n", entry.getValue()) + "\n");
        }
    }

    private static List<AnnotatedElement> elements(Class<?> type) {
        List<AnnotatedElement> elements = new ArrayList<>(List.of(type));
        elements.addAll(Arrays.asList(type.getDeclaredConstructors()));
        elements.addAll(Arrays.asList(type.getDeclaredMethods()));
        elements.addAll(Arrays.asList(type.getDeclaredFields()));
        return elements;
    }
}
