package io.jenkins.plugins.oauthmail.mail.connect;

import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import io.jenkins.plugins.oauthmail.token.TokenFailure;

/**
 * Asks for the access token that one connection needs. One that the server refuses is replaced once: rights may have been
 * granted since it was made, and whether the sign-in still counts only the provider knows.
 */
public final class Tokens {

    private Tokens() {}

    public static String ask(Mailbox mailbox) throws MailFailure, InterruptedException {
        return access(mailbox).value();
    }

    /** As {@link #ask}, but the provider is asked now, whatever is at hand: what is at hand may have been revoked. */
    public static void askProvider(Mailbox mailbox) throws MailFailure, InterruptedException {
        try {
            mailbox.tokens().refresh();
        } catch (TokenFailure e) {
            throw failure(e);
        }
    }

    private static AccessToken access(Mailbox mailbox) throws MailFailure, InterruptedException {
        try {
            return mailbox.tokens().token();
        } catch (TokenFailure e) {
            throw failure(e);
        }
    }

    private static MailFailure failure(TokenFailure e) {
        return new MailFailure(Layer.TOKEN, e.getMessage(), e);
    }

    /**
     * Opens a connection and logs it in.
     *
     * @param opening tried with another token, over another connection, if the server refuses the first one
     */
    public static <C> Login<C> login(Mailbox mailbox, Opening<C> opening) throws MailFailure, InterruptedException {
        AccessToken token = access(mailbox);
        try {
            return new Login<>(mailbox, token, opening.with(token));
        } catch (MailFailure refused) {
            AccessToken other = another(mailbox, token, refused);
            try {
                return new Login<>(mailbox, other, opening.with(other));
            } catch (MailFailure again) {
                reject(mailbox, other, again);
                throw again;
            }
        }
    }

    /** A connection, and the token that it was logged in with. */
    public record Login<C>(Mailbox mailbox, AccessToken token, C connection) {

        /** After a failure: if it shows that the token is worth nothing, it is not used again. */
        public void failed(MailFailure failure) {
            reject(mailbox, token, failure);
        }
    }

    private static void reject(Mailbox mailbox, AccessToken token, MailFailure failure) {
        if (failure.tokenRefused()) {
            mailbox.tokens().refused(token);
        }
    }

    private static AccessToken another(Mailbox mailbox, AccessToken token, MailFailure refused)
            throws MailFailure, InterruptedException {
        if (!refused.tokenRefused()) {
            throw refused;
        }
        mailbox.tokens().refused(token);
        AccessToken other;
        try {
            other = mailbox.tokens().token();
        } catch (TokenFailure e) {
            if (e.kind() == TokenFailure.Kind.UNREACHABLE) {
                // Only the provider knows whether the sign-in still counts, so the server's words must not be
                // explained.
                throw new MailFailure(
                        Layer.TOKEN, Messages.Tokens_refusedAndNoOther(refused.tokenRefusal(), e.getMessage()), e);
            }
            throw failure(e);
        }
        if (other.value().equals(token.value())) {
            throw refused;
        }
        return other;
    }

    /** Opens a connection and logs it in with the token; leaves none open if that fails. */
    public interface Opening<C> {
        C with(AccessToken token) throws MailFailure, InterruptedException;
    }
}
