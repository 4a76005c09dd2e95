package io.jenkins.plugins.oauthmail.testing;

import com.azure.json.JsonProviders;
import com.azure.json.JsonReader;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Forms, JSON and random text for {@link EntraFake}. */
final class EntraText {

    private static final SecureRandom RANDOM = new SecureRandom();

    private EntraText() {}

    /** @return names with all their values, in order of appearance */
    static Map<String, List<String>> form(String raw) {
        Map<String, List<String>> form = new LinkedHashMap<>();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                form.computeIfAbsent(decoded(pair.substring(0, equals)), name -> new ArrayList<>())
                        .add(decoded(pair.substring(equals + 1)));
            }
        }
        return form;
    }

    /** @return the value if there is exactly one, else null */
    static String only(Map<String, List<String>> form, String name) {
        List<String> values = form.getOrDefault(name, List.of());
        return values.size() == 1 ? values.get(0) : null;
    }

    static String query(Map<String, String> parameters) {
        List<String> pairs = new ArrayList<>();
        parameters.forEach((name, value) -> pairs.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return String.join("&", pairs);
    }

    static TreeSet<String> scopes(String scope) {
        TreeSet<String> scopes = new TreeSet<>();
        for (String one : scope == null ? new String[0] : scope.trim().split("\\s+")) {
            if (!one.isEmpty()) {
                scopes.add(one);
            }
        }
        return scopes;
    }

    static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || c == '<' || c == '>') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    /** @return members in order; numbers and booleans as they are, everything else as a string */
    static String object(Map<String, Object> members) {
        List<String> parts = new ArrayList<>();
        members.forEach((name, value) -> parts.add(quoted(name) + ":"
                + (value instanceof Number || value instanceof Boolean ? value : quoted(String.valueOf(value)))));
        return "{" + String.join(",", parts) + "}";
    }

    static Map<String, Object> parsed(String json) throws IOException {
        try (JsonReader reader = JsonProviders.createReader(json)) {
            return reader.readMap(JsonReader::readUntyped);
        }
    }

    /** @return letters, digits, - and _ */
    static String random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return base64Url(bytes).substring(0, length);
    }

    static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String base64Url(String text) {
        return base64Url(text.getBytes(StandardCharsets.UTF_8));
    }

    static String html(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
