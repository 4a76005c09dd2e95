package io.jenkins.plugins.oauthmail.testing.mail;

import com.azure.json.JsonProviders;
import com.azure.json.JsonReader;
import com.azure.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * An answer of a {@link GraphFake}.
 *
 * @param headers further header fields
 */
record GraphReply(int status, String type, byte[] body, Map<String, String> headers) {

    static GraphReply empty(int status) {
        return new GraphReply(status, null, new byte[0], Map.of());
    }

    static GraphReply json(int status, Map<String, Object> object) {
        return new GraphReply(status, "application/json", bytes(object), Map.of());
    }

    static GraphReply bytes(String type, byte[] body) {
        return new GraphReply(200, type, body, Map.of());
    }

    /** An error as Microsoft Graph words it. */
    static GraphReply error(int status, String code, String message) {
        Map<String, Object> inner = new LinkedHashMap<>();
        inner.put("date", "2026-11-29T00:00:00");
        inner.put("request-id", UUID.randomUUID().toString());
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", code);
        error.put("message", message);
        error.put("innerError", inner);
        return json(status, Map.of("error", error));
    }

    GraphReply with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new GraphReply(status, type, body, more);
    }

    /** Instead of an answer, to end the processing of a request. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient GraphReply reply;

        Refused(int status, String code, String message) {
            super(code);
            reply = error(status, code, message);
        }

        GraphReply reply() {
            return reply;
        }
    }

    private static byte[] bytes(Map<String, Object> object) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonWriter writer = JsonProviders.createWriter(bytes)) {
            writer.writeUntyped(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static Map<String, Object> parse(byte[] json) {
        try (JsonReader reader = JsonProviders.createReader(json)) {
            return reader.readMap(JsonReader::readUntyped);
        } catch (IOException | RuntimeException e) {
            throw new Refused(400, "BadRequest", "Unable to read JSON request payload.");
        }
    }
}
