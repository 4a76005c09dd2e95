package io.jenkins.plugins.oauthmail.mail.imap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.protocol.BODY;
import org.eclipse.angus.mail.imap.protocol.FetchResponse;
import org.eclipse.angus.mail.imap.protocol.Item;
import org.eclipse.angus.mail.imap.protocol.UID;

/** The answers to a FETCH, which may come in any order and several for one mail. */
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

    /** How the server ended its answer. */
    String last() {
        return last;
    }

    /** Whether the server says that some of the mails are no longer there. */
    boolean saysGone() {
        return saysGone;
    }

    /** The UID of a mail, null if the server did not send it. */
    Long uid(int number) {
        UID item = item(number, UID.class);
        return item == null ? null : Long.valueOf(item.uid);
    }

    /** One item about one mail, null if the server did not send it. */
    <T extends Item> T item(int number, Class<T> type) {
        for (FetchResponse response : byNumber.getOrDefault(number, List.of())) {
            T item = response.getItem(type);
            if (item != null) {
                return item;
            }
        }
        return null;
    }

    /** Octets of the header fields asked for, null if the server did not send them. */
    byte[] header(int number) {
        return octets(number, "HEADER", 0);
    }

    /** Octets of a part, null if the server did not send them. */
    byte[] section(int number, String section) {
        return octets(number, section, 0);
    }

    /** Octets of a part from one of them on, null if the server did not send them. */
    byte[] section(int number, String section, int from) {
        return octets(number, section, from);
    }

    /** Whether the server says of a part that there is no such thing, which it also says of what it cannot hand out. */
    boolean isNil(int number, String section) {
        return bodies(number, section).anyMatch(body -> body.getByteArray() == null);
    }

    private byte[] octets(int number, String section, int from) {
        // Without an origin it is the whole, which old servers send whatever they are asked for.
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
}
