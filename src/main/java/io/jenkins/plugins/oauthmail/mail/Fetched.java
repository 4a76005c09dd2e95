package io.jenkins.plugins.oauthmail.mail;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.protocol.BODY;
import org.eclipse.angus.mail.imap.protocol.FetchResponse;
import org.eclipse.angus.mail.imap.protocol.Item;

/** The answers to a FETCH, which may come in any order and several for one mail. */
final class Fetched {

    private final Map<Integer, List<FetchResponse>> byNumber = new HashMap<>();
    private Response last;

    void add(Response[] responses) {
        for (Response response : responses) {
            if (response instanceof FetchResponse) {
                FetchResponse fetch = (FetchResponse) response;
                byNumber.computeIfAbsent(fetch.getNumber(), n -> new ArrayList<>())
                        .add(fetch);
            }
        }
        last = responses[responses.length - 1];
    }

    /** How the server ended its answer. */
    String last() {
        return last.getRest();
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
        return octets(number, "HEADER");
    }

    /** Octets of a part, null if the server did not send them. */
    byte[] section(int number, String section) {
        return octets(number, section);
    }

    private byte[] octets(int number, String section) {
        for (FetchResponse response : byNumber.getOrDefault(number, List.of())) {
            for (int i = 0; i < response.getItemCount(); i++) {
                if (response.getItem(i) instanceof BODY) {
                    BODY body = (BODY) response.getItem(i);
                    boolean wanted = section.equals("HEADER") ? body.isHeader() : section.equals(body.getSection());
                    if (wanted) {
                        // NIL is how a server says that there is nothing in it.
                        return body.getByteArray() == null
                                ? new byte[0]
                                : body.getByteArray().getNewBytes();
                    }
                }
            }
        }
        return null;
    }
}
