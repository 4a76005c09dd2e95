package io.jenkins.plugins.oauthmail.mail.imap;

import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;

/**
 * The answer of an IMAP server to one command. The code that sent the command also checks for the data that must come
 * with an OK ({@link #tells}).
 *
 * @param kind how the answer ends
 * @param said the text of the final response, without tag and kind; or why the connection ended
 * @param data all responses before the final one
 */
record ServerAnswer(Kind kind, String said, List<Response> data) {

    enum Kind {
        OK,
        NO,
        BAD,
        /** The session is over: BYE, a lost connection, a time-out, or a response that belongs to no command. */
        ENDED
    }

    /** RFC 5530, and what Exchange and Dovecot say after the data of the remaining messages. */
    private static final Pattern GONE =
            Pattern.compile("\\[EXPUNGEISSUED\\b|no longer exist", Pattern.CASE_INSENSITIVE);

    /** Angus turns an exception on the connection into an answer with these prefixes. */
    private static final Pattern ADDED = Pattern.compile("^(BYE )?(Jakarta Mail Exception: )?");

    /** @param responses all responses, the final one last */
    static ServerAnswer of(Response[] responses) {
        Response last = responses[responses.length - 1];
        Kind kind = last.isBYE() || !last.isTagged()
                ? Kind.ENDED
                : last.isOK() ? Kind.OK : last.isNO() ? Kind.NO : last.isBAD() ? Kind.BAD : Kind.ENDED;
        List<Response> data = List.of(responses).subList(0, responses.length - 1);
        String said =
                last.getRest() == null ? "" : ADDED.matcher(last.getRest()).replaceFirst("");
        if (kind == Kind.ENDED && said.isEmpty()) {
            said = last.toString();
        }
        return new ServerAnswer(kind, said, data);
    }

    boolean ok() {
        return kind == Kind.OK;
    }

    boolean refused() {
        return kind == Kind.NO || kind == Kind.BAD;
    }

    /** Whether there is untagged data of this name. */
    boolean tells(String name) {
        return data.stream().anyMatch(response -> response instanceof IMAPResponse told && told.keyEquals(name));
    }

    /** Whether the server says that some of the requested messages no longer exist. */
    boolean saysGone() {
        return refused() && GONE.matcher(said).find();
    }

    /** The final response as the server sent it, for a sentence that quotes it. */
    String quoted() {
        return (kind == Kind.ENDED ? "BYE" : kind.name()) + " " + said;
    }
}
