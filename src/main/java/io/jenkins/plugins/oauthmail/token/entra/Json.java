package io.jenkins.plugins.oauthmail.token.entra;

import com.azure.json.JsonProviders;
import com.azure.json.JsonReader;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.util.Map;

/** Parses JSON objects from untrusted sources. */
final class Json {

    private Json() {}

    /** @return null if the text is not one JSON object */
    @CheckForNull
    static Map<String, Object> object(@NonNull String text) {
        try (JsonReader reader = JsonProviders.createReader(text)) {
            return reader.readMap(JsonReader::readUntyped);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // The parser throws unchecked exceptions for some malformed input, and overflows the stack for deeply
            // nested input.
            return null;
        }
    }

    /** @return null unless the member is a non-empty string */
    @CheckForNull
    static String string(@NonNull Map<String, Object> object, @NonNull String member) {
        return object.get(member) instanceof String text && !text.isBlank() ? text : null;
    }
}
