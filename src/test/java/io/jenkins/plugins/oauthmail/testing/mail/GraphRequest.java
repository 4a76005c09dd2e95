package io.jenkins.plugins.oauthmail.testing.mail;

import com.sun.net.httpserver.HttpExchange;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A request to a {@link GraphFake}. */
final class GraphRequest {
    private static final Pattern PAGE_SIZE = Pattern.compile("odata\\.maxpagesize=(\\d+)");

    private final HttpExchange exchange;
    private final byte[] body;
    private final URI root;
    private final String path;
    private final Map<String, String> query = new LinkedHashMap<>();

    GraphRequest(HttpExchange exchange, byte[] body, URI root) {
        this.exchange = exchange;
        this.body = body;
        this.root = root;
        URI uri = exchange.getRequestURI();
        String raw = uri.getRawPath();
        this.path = raw.startsWith(root.getRawPath())
                ? raw.substring(root.getRawPath().length())
                : raw;
        if (uri.getRawQuery() != null) {
            for (String pair : uri.getRawQuery().split("&")) {
                int equals = pair.indexOf('=');
                query.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    String method() {
        return exchange.getRequestMethod();
    }

    /** Behind the version, still encoded. */
    String path() {
        return path;
    }

    /** Behind the mailbox, decoded, level by level. */
    List<String> levels() {
        String[] all = path.split("/");
        return List.of(all).subList(all[0].equals("me") ? 1 : 2, all.length).stream()
                .map(GraphRequest::decoded)
                .toList();
    }

    /** An option of the query, such as {@code $filter}; null if it is missing. */
    String option(String name) {
        return query.get(name);
    }

    /** The same request with another query. */
    String link(String option, String value) {
        return root.resolve(path) + "?" + option.replace("$", "%24") + "=" + value;
    }

    /** The same request with some options changed. */
    String again(Map<String, String> changed) {
        Map<String, String> all = new LinkedHashMap<>(query);
        all.putAll(changed);
        StringBuilder link = new StringBuilder(root.resolve(path).toString());
        char separator = '?';
        for (Map.Entry<String, String> option : all.entrySet()) {
            link.append(separator).append(encoded(option.getKey())).append('=').append(encoded(option.getValue()));
            separator = '&';
        }
        return link.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    int pageSize(int otherwise) {
        Matcher matcher = PAGE_SIZE.matcher(String.join(",", headers("Prefer")));
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : otherwise;
    }

    boolean wantsImmutableIds() {
        return String.join(",", headers("Prefer")).contains("IdType=\"ImmutableId\"");
    }

    private List<String> headers(String name) {
        return exchange.getRequestHeaders().getOrDefault(name, List.of());
    }

    String header(String name) {
        return exchange.getRequestHeaders().getFirst(name);
    }

    String token() {
        String header = header("Authorization");
        return header == null ? "" : header.replaceFirst("^Bearer ", "");
    }

    byte[] body() {
        return body;
    }

    boolean isMime() {
        String type = header("Content-Type");
        return type != null && type.startsWith("text/plain");
    }

    boolean isUpload() {
        return path.startsWith("/upload/");
    }

    URI root() {
        return root;
    }

    @Override
    public String toString() {
        String options = query.isEmpty() ? "" : " " + query;
        return method() + " " + decoded(path) + options;
    }
}
