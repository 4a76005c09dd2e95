package io.jenkins.plugins.oauthmail.mail.imap;

import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;

/**
 * How an IMAP server answered one command. Whoever has sent the command says which data an OK must bring along
 * ({@link #tells}).
 *
 * @param kind how the answer ends
 * @param said the server's last words, without tag and kind; why the connection ended if that is the reason
 * @param data everything that came before the end
 */
record ServerAnswer(Kind kind, String said, List<Response> data) {

    enum Kind {
        OK,
        NO,
        BAD,
        /** Good-bye, an end without one, silence, or a line that belongs to no command: there is no more to come. */
        ENDED
    }

    /** RFC 5530, and what Exchange and Dovecot say after the data of the other mails. */
    private static final Pattern GONE =
            Pattern.compile("\\[EXPUNGEISSUED\\b|no longer exist", Pattern.CASE_INSENSITIVE);

    /** Angus makes an answer of an exception on the connection. */
    private static final Pattern ADDED = Pattern.compile("^(BYE )?(Jakarta Mail Exception: )?");

    /** @param responses all of them, the one that ends the answer last */
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

    /** Whether the server says that some of the mails it was asked about are no longer there. */
    boolean saysGone() {
        return refused() && GONE.matcher(said).find();
    }

    /** What the server said, in its own form, for a sentence that quotes it. */
    String quoted() {
        return (kind == Kind.ENDED ? "BYE" : kind.name()) + " " + said;
    }
}
