package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/**
 * A request.
 *
 * @param body null for none
 * @param type the content type of the body; null for none
 * @param range the {@code Content-Range} of a part of an upload; null for a whole body
 * @param pageSize how many elements to return at once; 0 to let the server decide
 * @param target the file that receives the body of a successful answer; null to keep it in memory
 * @param most the maximum size of the body of a good answer, in bytes
 */
record GraphCall(
        @NonNull String method,
        @NonNull URI uri,
        @CheckForNull Body body,
        @CheckForNull String type,
        @CheckForNull String range,
        int pageSize,
        @CheckForNull Path target,
        long most) {

    /** More than an answer has that is not a list of messages: it may contain the text of one. */
    private static final long MAX_ANSWER = 64L << 20;

    private static final String JSON = "application/json";

    /** A body, which is made when the request has its place, so that those that wait have none. */
    interface Body {
        /** Called each time that the request is sent. */
        @NonNull
        byte[] make() throws MailFailure, InterruptedException;
    }

    private static GraphCall of(String method, URI uri, Body body, String type) {
        return new GraphCall(method, uri, body, type, null, 0, null, MAX_ANSWER);
    }

    static GraphCall get(URI uri) {
        return of("GET", uri, null, null);
    }

    /** A page of a list. */
    static GraphCall page(URI uri, int size) {
        return new GraphCall("GET", uri, null, null, null, size, null, MAX_ANSWER);
    }

    /** Messages with their headers. @param most as {@link #most()} */
    static GraphCall messages(URI uri, long most) {
        return new GraphCall("GET", uri, null, null, null, 0, null, most);
    }

    static GraphCall download(URI uri, Path target, long most) {
        return new GraphCall("GET", uri, null, null, null, 0, target, most);
    }

    static GraphCall delete(URI uri) {
        return of("DELETE", uri, null, null);
    }

    static GraphCall post(URI uri) {
        return of("POST", uri, () -> new byte[0], null);
    }

    static GraphCall post(URI uri, Map<String, Object> object) {
        return post(uri, () -> Json.bytes(object));
    }

    /** @param json makes an object, which is large */
    static GraphCall post(URI uri, Body json) {
        return of("POST", uri, json, JSON);
    }

    static GraphCall patch(URI uri, Map<String, Object> object) {
        return of("PATCH", uri, () -> Json.bytes(object), JSON);
    }

    /** A message in base64, which the server recognizes by its type. */
    static GraphCall mime(URI uri, Body base64) {
        return of("POST", uri, base64, "text/plain");
    }

    /** A part of an upload, which is authorized by its URL and must not contain the token. */
    static GraphCall upload(URI uri, Body part, long from, int length, long total) {
        String range = "bytes " + from + "-" + (from + length - 1) + "/" + total;
        return new GraphCall("PUT", uri, part, "application/octet-stream", range, 0, null, MAX_ANSWER);
    }

    boolean isUpload() {
        return range != null;
    }

    /** Without the URL, whose query may authorize an upload, and without the content of a message. */
    @Override
    public String toString() {
        return method + (body == null ? "" : " with a body");
    }
}
