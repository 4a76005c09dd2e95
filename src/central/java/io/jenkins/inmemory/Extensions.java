package io.jenkins.inmemory;

import hudson.Extension;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.java.sezpoz.Index;
import net.java.sezpoz.IndexItem;

/** The extensions: those in the index that SezPoz wrote, one instance each, and those that a test adds. */
final class Extensions {
    private final List<AnnotatedElement> indexed = new ArrayList<>();
    private final Map<AnnotatedElement, Object> instances = new HashMap<>();
    private final List<Object> added = new ArrayList<>();

    Extensions() {
        List<IndexItem<Extension, Object>> items = new ArrayList<>();
        Index.load(Extension.class, Object.class, Extensions.class.getClassLoader())
                .forEach(items::add);
        items.sort(Comparator.comparingDouble(
                        (IndexItem<Extension, Object> item) -> item.annotation().ordinal())
                .reversed());
        try {
            for (IndexItem<Extension, Object> item : items) {
                indexed.add(item.element());
            }
        } catch (InstantiationException e) {
            throw new IllegalStateException("The index of extensions does not fit the classes.", e);
        }
    }

    synchronized void add(Object extension) {
        added.add(extension);
    }

    synchronized <T> List<T> all(Class<T> type) {
        List<T> found = new ArrayList<>();
        for (AnnotatedElement element : indexed) {
            if (type.isAssignableFrom(type(element))) {
                found.add(type.cast(instance(element)));
            }
        }
        added.stream().filter(type::isInstance).map(type::cast).forEach(found::add);
        return List.copyOf(found);
    }

    /** Not by {@code computeIfAbsent}: a constructor may look up other extensions. */
    private Object instance(AnnotatedElement element) {
        Object present = instances.get(element);
        if (present != null) {
            return present;
        }
        Object created = create(element);
        instances.putIfAbsent(element, created);
        return instances.get(element);
    }

    private static Class<?> type(AnnotatedElement element) {
        if (element instanceof Method method) {
            return method.getReturnType();
        }
        return element instanceof Field field ? field.getType() : (Class<?>) element;
    }

    private static Object create(AnnotatedElement element) {
        try {
            if (element instanceof Method method) {
                return method.invoke(null);
            }
            if (element instanceof Field field) {
                return field.get(null);
            }
            Constructor<?> constructor = ((Class<?>) element).getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("The extension " + element + " cannot be made.", e);
        }
    }
}
