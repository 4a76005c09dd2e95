package io.jenkins.plugins.oauthmail.mail.imap;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.protocol.BODY;
import org.eclipse.angus.mail.imap.protocol.FetchResponse;
import org.eclipse.angus.mail.imap.protocol.INTERNALDATE;
import org.eclipse.angus.mail.imap.protocol.Item;
import org.eclipse.angus.mail.imap.protocol.UID;

/** The responses to a FETCH, which may come in any order, and several for one message. */
final class FetchResult {

    private final Map<Integer, List<FetchResponse>> byNumber = new HashMap<>();
    private String last = "";
    private boolean saysGone;

    void add(ServerAnswer answer) {
        for (Response response : answer.data()) {
            if (response instanceof FetchResponse) {
                FetchResponse fetch = (FetchResponse) response;
                byNumber.computeIfAbsent(fetch.getNumber(), n -> new ArrayList<>())
                        .add(fetch);
            }
        }
        last = answer.said();
        saysGone |= answer.saysGone();
    }

    /** The text with which the server ended its answer. */
    String last() {
        return last;
    }

    /** Whether the server says that some of the messages no longer exist. */
    boolean saysGone() {
        return saysGone;
    }

    /** The UID of a message; null if the server did not send it. */
    Long uid(int number) {
        UID item = item(number, UID.class);
        return item == null ? null : Long.valueOf(item.uid);
    }

    /** A data item of a message; null if the server did not send it. */
    <T extends Item> T item(int number, Class<T> type) {
        for (FetchResponse response : byNumber.getOrDefault(number, List.of())) {
            T item = response.getItem(type);
            if (item != null) {
                return item;
            }
        }
        return null;
    }

    /** The size of what the server sent about a message, in bytes. */
    long size(int number) {
        return byNumber.getOrDefault(number, List.of()).stream()
                .mapToLong(response -> response.toString().length())
                .sum();
    }

    /** The requested header fields; null if the server did not send them. */
    byte[] header(int number) {
        return octets(number, "HEADER", 0);
    }

    /** The content of a part; null if the server did not send it. */
    byte[] section(int number, String section) {
        return octets(number, section, 0);
    }

    /** The content of a part from an offset on; null if the server did not send it. */
    byte[] section(int number, String section, int from) {
        return octets(number, section, from);
    }

    /** Whether the server sent NIL for a part: it does not exist, or cannot be returned. */
    boolean isNil(int number, String section) {
        return bodies(number, section).anyMatch(body -> body.getByteArray() == null);
    }

    private byte[] octets(int number, String section, int from) {
        // Without an origin it is the whole part, which old servers send whatever was requested.
        return bodies(number, section)
                .filter(body -> body.getOrigin() == from || body.getOrigin() < 0)
                .findFirst()
                .map(body -> octets(body, from))
                .orElse(null);
    }

    private static byte[] octets(BODY body, int from) {
        if (body.getByteArray() == null) {
            return new byte[0];
        }
        byte[] octets = body.getByteArray().getNewBytes();
        return body.getOrigin() < 0 && from > 0
                ? Arrays.copyOfRange(octets, Math.min(from, octets.length), octets.length)
                : octets;
    }

    private Stream<BODY> bodies(int number, String section) {
        return byNumber.getOrDefault(number, List.of()).stream()
                .flatMap(response -> IntStream.range(0, response.getItemCount()).mapToObj(response::getItem))
                .filter(BODY.class::isInstance)
                .map(BODY.class::cast)
                .filter(body -> section.equals("HEADER") ? body.isHeader() : section.equals(body.getSection()));
    }

    /** When a message came into the mailbox; null if the server does not say. */
    @CheckForNull
    Instant received(int number) {
        INTERNALDATE item = item(number, INTERNALDATE.class);
        Date date = item == null ? null : item.getDate();
        return date == null ? null : date.toInstant();
    }
}
