package io.jenkins.plugins.oauthmail.mail;

import io.jenkins.plugins.oauthmail.mail.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import io.jenkins.plugins.oauthmail.token.TokenFailure;

/** Asks for the access token that one connection needs. */
final class Tokens {

    private Tokens() {}

    static String ask(Mailbox mailbox) throws MailFailure, InterruptedException {
        return access(mailbox).value();
    }

    static AccessToken access(Mailbox mailbox) throws MailFailure, InterruptedException {
        try {
            return mailbox.tokens().token();
        } catch (TokenFailure e) {
            throw new MailFailure(Layer.TOKEN, e.getMessage(), e);
        }
    }
}
