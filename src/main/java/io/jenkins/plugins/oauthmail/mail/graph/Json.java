package io.jenkins.plugins.oauthmail.mail.graph;

import com.azure.json.JsonProviders;
import com.azure.json.JsonReader;
import com.azure.json.JsonWriter;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** JSON objects as maps. */
final class Json {

    private Json() {}

    /** @return null if the bytes are not one JSON object */
    @CheckForNull
    static Map<String, Object> object(@NonNull byte[] json) {
        try (JsonReader reader = JsonProviders.createReader(json)) {
            return reader.readMap(JsonReader::readUntyped);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // The parser throws unchecked exceptions for some malformed input, and overflows the stack for deeply
            // nested input.
            return null;
        }
    }

    @NonNull
    static byte[] bytes(@NonNull Map<String, Object> object) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonWriter writer = JsonProviders.createWriter(bytes)) {
            writer.writeUntyped(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** @return null unless the member is a non-empty string */
    @CheckForNull
    static String string(@CheckForNull Map<String, Object> object, @NonNull String member) {
        return object != null && object.get(member) instanceof String text && !text.isBlank() ? text : null;
    }

    /** @return null unless the member is an object */
    @CheckForNull
    @SuppressWarnings("unchecked") // the keys of JSON objects are strings
    static Map<String, Object> member(@CheckForNull Map<String, Object> object, @NonNull String member) {
        return object != null && object.get(member) instanceof Map<?, ?> map ? (Map<String, Object>) map : null;
    }

    /** The objects in an array; null unless the member is an array of objects. */
    @CheckForNull
    @SuppressWarnings("unchecked") // the keys of JSON objects are strings
    static List<Map<String, Object>> objects(@CheckForNull Map<String, Object> object, @NonNull String member) {
        if (object == null || !(object.get(member) instanceof List<?> list)) {
            return null;
        }
        List<Map<String, Object>> objects = new ArrayList<>();
        for (Object element : list) {
            if (!(element instanceof Map<?, ?> map)) {
                return null;
            }
            objects.add((Map<String, Object>) map);
        }
        return objects;
    }
}
