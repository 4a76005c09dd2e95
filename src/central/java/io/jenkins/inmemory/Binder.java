package io.jenkins.inmemory;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Makes objects of named values, as forms, pipelines and configuration-as-code do. */
public final class Binder {
    private Binder() {}

    /**
     * @param values by the names of the constructor's parameters and the setters' properties; further ones are ignored
     * @throws IllegalArgumentException if the class cannot be bound or a value does not fit
     */
    public static <T> T bind(Class<T> type, Map<?, ?> values) {
        Class<? extends T> actual = actual(type, values);
        Constructor<?> constructor = Arrays.stream(actual.getConstructors())
                .filter(candidate -> candidate.isAnnotationPresent(DataBoundConstructor.class))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no @DataBoundConstructor in " + actual));
        Object[] arguments = Arrays.stream(constructor.getParameters())
                .map(parameter -> argument(parameter, values))
                .toArray();
        try {
            T bound = actual.cast(constructor.newInstance(arguments));
            set(bound, values);
            return bound;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalArgumentException("Cannot make a " + actual.getName(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("Cannot make a " + actual.getName(), e);
        }
    }

    /**
     * As {@link #bind}, but with no conversion that a pipeline would not make: a text takes nothing else.
     *
     * @throws ClassCastException if a text is given something else
     */
    public static <T> T bindArguments(Class<T> type, Map<String, Object> arguments) {
        Stream<Parameter> setters = Arrays.stream(type.getMethods())
                .filter(method -> method.isAnnotationPresent(DataBoundSetter.class))
                .map(method -> method.getParameters()[0]);
        Stream<Parameter> constructors = Arrays.stream(type.getConstructors())
                .filter(constructor -> constructor.isAnnotationPresent(DataBoundConstructor.class))
                .flatMap(constructor -> Arrays.stream(constructor.getParameters()));
        Stream.concat(setters, constructors)
                .filter(parameter -> parameter.getType() == String.class)
                .forEach(parameter -> {
                    Object value = arguments.get(parameter.getName());
                    if (value != null && !(value instanceof CharSequence)) {
                        throw new ClassCastException(
                                parameter.getName() + " expects a text but received " + value.getClass());
                    }
                });
        return bind(type, arguments);
    }

    /** Calls the setters of a bean that exists. */
    public static void set(Object bean, Map<?, ?> values) throws ReflectiveOperationException {
        for (Method method : bean.getClass().getMethods()) {
            String name = method.getName();
            if (!method.isAnnotationPresent(DataBoundSetter.class) || !name.startsWith("set")) {
                continue;
            }
            String property = Character.toLowerCase(name.charAt(3)) + name.substring(4);
            if (values.containsKey(property)) {
                method.invoke(bean, Values.convert(method.getGenericParameterTypes()[0], values.get(property)));
            }
        }
    }

    private static <T> Class<? extends T> actual(Class<T> type, Map<?, ?> values) {
        Object named = values.containsKey("stapler-class") ? values.get("stapler-class") : values.get("$class");
        try {
            return named == null
                    ? type
                    : Class.forName(named.toString(), true, type.getClassLoader())
                            .asSubclass(type);
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException("There is no class " + named, e);
        }
    }

    private static Object argument(Parameter parameter, Map<?, ?> values) {
        if (!parameter.isNamePresent()) {
            throw new IllegalArgumentException("Compile with -parameters: " + parameter.getDeclaringExecutable());
        }
        return Values.convert(parameter.getParameterizedType(), values.get(parameter.getName()));
    }
}
