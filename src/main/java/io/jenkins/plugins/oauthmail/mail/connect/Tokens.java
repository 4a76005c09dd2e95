package io.jenkins.plugins.oauthmail.mail.connect;

import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import io.jenkins.plugins.oauthmail.token.TokenFailure;

/**
 * Requests the access token for a connection. A token that the server refuses is replaced once, because permissions may
 * have been granted since it was issued, and only the provider knows whether the sign-in is still valid.
 */
public final class Tokens {

    private Tokens() {}

    public static String ask(Mailbox mailbox) throws MailFailure, InterruptedException {
        return access(mailbox).value();
    }

    /** Same as {@link #ask}, but always asks the provider, because a stored token may have been revoked. */
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
     * Opens a connection and logs in.
     *
     * @param opening called again with another token, for a new connection, if the server refuses the first token
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

    /** A connection and the token that was used to log in. */
    public record Login<C>(Mailbox mailbox, AccessToken token, C connection) {

        /**
         * Must be called when something failed on the connection: if the failure shows that the token is invalid, the
         * token is not used again.
         */
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
                // Only the provider knows whether the sign-in is still valid, so the sentence names no cause.
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

    /** Opens a connection and logs in with a token; closes the connection if that fails. */
    public interface Opening<C> {
        C with(AccessToken token) throws MailFailure, InterruptedException;
    }
}
