package io.jenkins.plugins.oauthmail.mail;

import io.jenkins.plugins.oauthmail.mail.MailFailure.Layer;
import java.util.Optional;

/** Turns what servers answer into a {@link MailFailure}. Failures of the connection itself: {@link ConnectFailure}. */
final class FailureReading {

    private FailureReading() {}

    /** The server does not speak our only mechanism, so it got no token. */
    static MailFailure noXoauth2(Endpoint endpoint, String offered) {
        return new MailFailure(
                Layer.LOGIN,
                endpoint + " does not offer the login XOAUTH2 (it offers " + ServerWords.quoted(offered)
                        + "), so the token was not sent; use a server of a provider that takes OAuth logins, or have"
                        + " it turned on there.");
    }

    /** The server refused the login; the challenge is what it explained before, empty for nothing. */
    static MailFailure login(Endpoint endpoint, String user, String said, String challenge) {
        String words = ServerWords.quoted(said);
        if (!challenge.isEmpty()) {
            words += " after " + ServerWords.quoted(challenge);
        }
        String what = endpoint + " refused the login for " + user + " with " + words;
        Optional<KnownReply> known = KnownReply.in(said).or(() -> KnownReply.in(challenge));
        if (said.startsWith("4")) {
            return MailFailure.temporary(
                    known.map(KnownReply::layer).orElse(Layer.LOGIN),
                    what + ": " + known.map(KnownReply::cure).orElse("try again later") + ".");
        }
        return new MailFailure(
                known.map(KnownReply::layer).orElse(Layer.LOGIN),
                what + ": " + known.orElse(KnownReply.TOKEN_REFUSED).cure() + ".");
    }

    /** The server refused a command after the login, such as MAIL FROM, all recipients, or the content. */
    static MailFailure refused(Endpoint endpoint, String what, SmtpReply reply) {
        return answered(Layer.SEND, endpoint + " refused " + what, reply.text(), reply.temporary());
    }

    /** The server answered NO or BAD, or said good-bye, while we read. */
    static MailFailure reading(Layer layer, Endpoint endpoint, String what, String said) {
        return answered(layer, endpoint + " did not " + what, said, false);
    }

    private static MailFailure answered(Layer layer, String what, String said, boolean temporary) {
        Optional<KnownReply> known = KnownReply.in(said);
        Layer where = known.map(KnownReply::layer).orElse(layer);
        String answer = what + ", it said " + ServerWords.quoted(said);
        String fix =
                known.map(KnownReply::cure).orElse(temporary ? "try again later" : "change what the server objects to");
        return temporary
                ? MailFailure.temporary(where, answer + ": " + fix + ".")
                : new MailFailure(where, answer + ": " + fix + ".");
    }
}
