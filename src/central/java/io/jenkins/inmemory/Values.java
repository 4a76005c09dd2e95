package io.jenkins.inmemory;

import hudson.util.Secret;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import net.sf.json.JSONNull;
import net.sf.json.JSONObject;

/** Turns a value of a form or a pipeline into what a Java parameter wants. */
final class Values {
    private static final Map<Class<?>, Function<String, Object>> OF_TEXT = Map.of(
            String.class, text -> text,
            Secret.class, Secret::fromString,
            int.class, Integer::valueOf,
            Integer.class, Integer::valueOf,
            long.class, Long::valueOf,
            Long.class, Long::valueOf,
            boolean.class, Boolean::valueOf,
            Boolean.class, Boolean::valueOf);
    private static final Map<Class<?>, Object> OF_NOTHING = Map.of(int.class, 0, long.class, 0L, boolean.class, false);

    private Values() {}

    /** @throws IllegalArgumentException if the value does not fit */
    @SuppressWarnings({"unchecked", "rawtypes"})
    static Object convert(Type type, Object value) {
        if (type instanceof ParameterizedType collection) {
            return elements(collection.getActualTypeArguments()[0], value);
        }
        Class<?> target = (Class<?>) type;
        if (isNothing(value)) {
            return OF_NOTHING.get(target);
        }
        if (target == Object.class) {
            return value;
        }
        if (value instanceof Map<?, ?> nested) {
            return Binder.bind(target, nested);
        }
        if (target.isEnum()) {
            return Enum.valueOf((Class) target, value.toString());
        }
        Function<String, Object> ofText = OF_TEXT.get(target);
        return ofText == null ? target.cast(value) : ofText.apply(value.toString());
    }

    /** A single value stands for a list of one, as in Stapler. */
    private static List<Object> elements(Type type, Object value) {
        List<Object> elements = new ArrayList<>();
        if (value instanceof Collection<?> several) {
            several.forEach(element -> elements.add(convert(type, element)));
        } else if (!isNothing(value)) {
            elements.add(convert(type, value));
        }
        return elements;
    }

    private static boolean isNothing(Object value) {
        return value == null
                || value instanceof JSONNull
                || value instanceof JSONObject object && object.isNullObject();
    }
}
