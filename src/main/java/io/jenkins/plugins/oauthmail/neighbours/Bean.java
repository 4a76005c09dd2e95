package io.jenkins.plugins.oauthmail.neighbours;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/**
 * Settings of another plugin, read by the names of their getters. With a dependency, even an optional one, Jenkins would
 * refuse to load this plugin beside an older version of the other.
 */
final class Bean {
    private final Object settings;

    private Bean(Object settings) {
        this.settings = settings;
    }

    /**
     * The global settings of a plugin.
     *
     * @param descriptor ID of the descriptor that has them
     * @return empty if the plugin is not installed
     */
    @NonNull
    static Optional<Bean> of(@NonNull String descriptor) {
        return Optional.ofNullable(Jenkins.get().getDescriptor(descriptor)).map(Bean::new);
    }

    /**
     * @return null if it is empty
     * @throws IllegalStateException if the version of the plugin has no such getter; likewise the other methods
     */
    @CheckForNull
    String text(@NonNull String getter) {
        return Util.fixEmptyAndTrim(Objects.toString(get(getter), null));
    }

    boolean is(@NonNull String getter) {
        return Boolean.TRUE.equals(get(getter));
    }

    @NonNull
    Optional<Bean> bean(@NonNull String getter) {
        return Optional.ofNullable(get(getter)).map(Bean::new);
    }

    @NonNull
    Stream<Bean> beans(@NonNull String getter) {
        return get(getter) instanceof List<?> list
                ? list.stream().filter(Objects::nonNull).map(Bean::new)
                : Stream.empty();
    }

    private Object get(String getter) {
        try {
            return settings.getClass().getMethod(getter).invoke(settings);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(settings.getClass().getName() + "." + getter, e);
        }
    }
}
