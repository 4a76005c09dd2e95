package io.jenkins.plugins.oauthmail.controller;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a hand-written class has that a compiler could link against, and the real class of its name has not. */
final class SignatureComparison {
    /** Only the in-memory Jenkins calls them. */
    private static final List<String> OWN_CONSTRUCTORS = List.of("jenkins.model.Jenkins()", "hudson.PluginManager()");

    private final Class<?> written;
    private final ClassLoader loader;

    /**
     * @param written the hand-written class
     * @param loader of the real ones
     */
    SignatureComparison(Class<?> written, ClassLoader loader) {
        this.written = written;
        this.loader = loader;
    }

    /** Empty if the class cannot be seen from outside, or is as the real one. */
    List<String> differences() {
        if (!isSeen(written.getModifiers()) || written.isAnonymousClass()) {
            return List.of();
        }
        Class<?> real;
        try {
            real = Class.forName(written.getName(), false, loader);
        } catch (ClassNotFoundException e) {
            return List.of("no type " + written.getName());
        }
        List<String> differences = new ArrayList<>();
        if (written.isInterface() != real.isInterface()) {
            differences.add("class or interface " + written.getName());
        }
        Set<String> realMembers = members(real).collect(Collectors.toSet());
        supertypes(real).forEach(type -> members(type)
                .filter(member -> !member.startsWith("constructor"))
                .forEach(realMembers::add));
        members(written)
                .filter(member -> !realMembers.contains(member)
                        && OWN_CONSTRUCTORS.stream().noneMatch(member::endsWith))
                .forEach(member -> differences.add(written.getName() + " has no " + member));
        Set<String> realTypes = names(supertypes(real));
        names(supertypes(written)).stream()
                .filter(type -> !realTypes.contains(type))
                .forEach(type -> differences.add(written.getName() + " is no " + type));
        return differences;
    }

    /** Those that other classes can link against, each as a line in which everything stands that has to be the same. */
    private static Stream<String> members(Class<?> type) {
        return Stream.<AccessibleObject>concat(
                        Stream.concat(
                                Arrays.stream(type.getDeclaredMethods()),
                                Arrays.stream(type.getDeclaredConstructors())),
                        Arrays.stream(type.getDeclaredFields()))
                .filter(member -> isSeen(((Member) member).getModifiers()) && !((Member) member).isSynthetic())
                .map(SignatureComparison::line);
    }

    private static String line(AccessibleObject member) {
        if (member instanceof Field field) {
            return "field " + isStatic(field) + field.getType().getName() + " " + field.getName();
        }
        if (member instanceof Method method) {
            return "method " + isStatic(method) + method.getReturnType().getName() + " " + method.getName()
                    + parameters(method);
        }
        Constructor<?> constructor = (Constructor<?>) member;
        return "constructor " + constructor.getName() + parameters(constructor);
    }

    private static String parameters(Executable executable) {
        return Arrays.stream(executable.getParameterTypes())
                .map(Class::getName)
                .collect(Collectors.joining(",", "(", ")"));
    }

    private static String isStatic(Member member) {
        return Modifier.isStatic(member.getModifiers()) ? "static " : "";
    }

    private static boolean isSeen(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static Set<String> names(Set<Class<?>> types) {
        return types.stream().map(Class::getName).collect(Collectors.toSet());
    }

    private static Set<Class<?>> supertypes(Class<?> type) {
        Set<Class<?>> found = new LinkedHashSet<>();
        for (Class<?> parent = type.getSuperclass(); parent != null; parent = parent.getSuperclass()) {
            found.add(parent);
            found.addAll(supertypes(parent));
        }
        for (Class<?> parent : type.getInterfaces()) {
            found.add(parent);
            found.addAll(supertypes(parent));
        }
        return found;
    }
}
