package io.jenkins.plugins.oauthmail.mail.graph;

import com.azure.json.JsonProviders;
import com.azure.json.JsonReader;
import com.azure.json.JsonToken;
import com.azure.json.JsonWriter;
import com.azure.json.ReadValueCallback;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** JSON objects, most of them as maps. */
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

    /** An object lacks a member that it must have. */
    static final class Missing extends IOException {
        private static final long serialVersionUID = 1L;

        Missing(String member) {
            super(Messages.GraphClient_without(member));
        }
    }

    /** @throws IOException if the bytes are not one JSON object, or if the parser, which begins in it, throws it */
    @NonNull
    static <T> T parse(@NonNull byte[] json, @NonNull ReadValueCallback<JsonReader, T> parser) throws IOException {
        try (JsonReader reader = JsonProviders.createReader(json)) {
            if (reader.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not an object");
            }
            return parser.read(reader);
        } catch (RuntimeException e) {
            // As in object().
            throw new IOException(e);
        }
    }

    /** The value at which a reader is, which is skipped; null unless it is a non-empty string. */
    @CheckForNull
    static String string(@NonNull JsonReader reader) throws IOException {
        reader.skipChildren();
        String text = reader.currentToken() == JsonToken.STRING ? reader.getString() : null;
        return text == null || text.isBlank() ? null : text;
    }

    /** Whether the value at which a reader is, which is skipped, is true. */
    static boolean isTrue(@NonNull JsonReader reader) throws IOException {
        reader.skipChildren();
        return reader.currentToken() == JsonToken.BOOLEAN && reader.getBoolean();
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
