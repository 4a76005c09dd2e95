package io.jenkins.plugins.oauthmail.token.entra;

import io.jenkins.plugins.oauthmail.testing.EntraFake;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import io.jenkins.plugins.oauthmail.token.TokenSource;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/** A token server and the sources of tokens as tests outside their package need them: with deadlines of milliseconds. */
public final class ImpatientTokens implements AutoCloseable {

    public static final String USER = TokenRig.USER;

    private final TokenRig rig = new TokenRig();
    private String cache;

    /** What is stored for an account. */
    public final class Stored {
        private final MemoryStore store;
        private AccessToken first;

        private Stored(String cache) {
            store = new MemoryStore(cache);
        }

        /** The access token in it at the beginning. */
        public AccessToken first() {
            return first;
        }

        /** @param full whether nothing can be saved from now on */
        public void full(boolean full) {
            store.saveFails = full ? new IOException("No space left on device") : null;
        }

        /** @param broken whether nothing can be read from now on */
        public void broken(boolean broken) {
            store.loadFails = broken ? new IOException("Input/output error") : null;
        }

        /** A new source, as after a restart. */
        public DelegatedTokenSource source(URI authority, Duration patience) {
            return new DelegatedTokenSource(
                    registration(authority),
                    TokenRig.SCOPES,
                    new TokenCacheKeeper(store, rig.time),
                    rig.http,
                    patience,
                    rig.time);
        }
    }

    public EntraFake entra() {
        return rig.entra;
    }

    public URI authority() {
        return URI.create(rig.entra.authority());
    }

    /**
     * An authorization with a refresh token that works once.
     *
     * @param life how long its access token is good
     */
    public Stored authorized(Duration life) throws Exception {
        if (cache == null) {
            cache = rig.signIn().tokenCache();
        }
        rig.entra.refreshTokensWorkOnce(false);
        rig.entra.accessTokenLife(life);
        Stored stored = new Stored(cache);
        stored.first = stored.source(authority(), Duration.ofSeconds(20)).refresh();
        rig.entra.refreshTokensWorkOnce(true);
        rig.entra.accessTokenLife(Duration.ofHours(1));
        return stored;
    }

    public TokenSource application(URI authority, Duration patience) {
        return new ApplicationTokenSource(
                registration(authority), TokenRig.DEFAULT_SCOPE, rig.http, patience, rig.time);
    }

    public boolean accepts(AccessToken token) {
        return rig.entra.accepts(USER, token.value());
    }

    private static Registration registration(URI authority) {
        return new Registration(
                TokenRig.CLIENT_ID, new Authority(authority), new ClientCredential.Secret(TokenRig.SECRET));
    }

    @Override
    public void close() {
        rig.close();
    }
}
