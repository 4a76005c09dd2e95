package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import io.jenkins.plugins.oauthmail.token.TokenSource;

/**
 * The account's tokens, for the server that the account had when its mailbox was opened. Whatever still uses that
 * server when the account has another one, such as a message that the server keeps deferring, gets none: they may be
 * tokens of another application, which the former server must not see.
 */
final class ServerTokens implements TokenSource {
    private final String accountId;
    private final MailUse use;
    private final Object server;
    private final TokenSource tokens;

    ServerTokens(@NonNull MailAccount account, @NonNull MailUse use) throws TokenFailure {
        this.accountId = account.getId();
        this.use = use;
        this.server = Mailboxes.server(account, use);
        this.tokens = TokenSources.get().of(accountId, use);
    }

    @NonNull
    @Override
    public AccessToken token() throws TokenFailure, InterruptedException {
        return checked(tokens.token());
    }

    @NonNull
    @Override
    public AccessToken refresh() throws TokenFailure, InterruptedException {
        return checked(tokens.refresh());
    }

    @Override
    public void refused(@NonNull AccessToken token) {
        tokens.refused(token);
    }

    /** Called with the token at hand, because the account may have changed while it was requested. */
    private AccessToken checked(AccessToken token) throws TokenFailure {
        MailAccount now = OAuthMailConfiguration.get().account(accountId).orElse(null);
        if (now == null || !server.equals(Mailboxes.server(now, use))) {
            throw new TokenFailure(TokenFailure.Kind.UNREACHABLE, Messages.ServerTokens_otherServer(accountId));
        }
        return token;
    }
}
