package io.jenkins.plugins.oauthmail.token;

import io.jenkins.plugins.oauthmail.testing.EntraFake;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/** A token server and the sources of tokens as tests outside their package need them: with deadlines of milliseconds. */
public final class ImpatientTokens implements AutoCloseable {

    public static final String USER = Mailroom.USER;

    private final Mailroom room = new Mailroom();
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
                    Mailroom.SCOPES,
                    new TokenCacheKeeper(store, room.time),
                    room.http,
                    patience,
                    room.time);
        }
    }

    public EntraFake entra() {
        return room.entra;
    }

    public URI authority() {
        return URI.create(room.entra.authority());
    }

    /**
     * An authorization with a refresh token that works once.
     *
     * @param life how long its access token is good
     */
    public Stored authorized(Duration life) throws Exception {
        if (cache == null) {
            cache = room.signIn().tokenCache();
        }
        room.entra.refreshTokensWorkOnce(false);
        room.entra.accessTokenLife(life);
        Stored stored = new Stored(cache);
        stored.first = stored.source(authority(), Duration.ofSeconds(20)).refresh();
        room.entra.refreshTokensWorkOnce(true);
        room.entra.accessTokenLife(Duration.ofHours(1));
        return stored;
    }

    public TokenSource application(URI authority, Duration patience) {
        return new ApplicationTokenSource(
                registration(authority), Mailroom.DEFAULT_SCOPE, room.http, patience, room.time);
    }

    public boolean accepts(AccessToken token) {
        return room.entra.accepts(USER, token.value());
    }

    private static Registration registration(URI authority) {
        return new Registration(
                Mailroom.CLIENT_ID, new Authority(authority), new ClientCredential.Secret(Mailroom.SECRET));
    }

    @Override
    public void close() {
        room.close();
    }
}
