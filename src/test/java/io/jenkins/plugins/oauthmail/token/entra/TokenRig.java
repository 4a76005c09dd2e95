package io.jenkins.plugins.oauthmail.token.entra;

import io.jenkins.plugins.oauthmail.testing.EntraApplication;
import io.jenkins.plugins.oauthmail.testing.EntraBrowser;
import io.jenkins.plugins.oauthmail.testing.EntraFake;
import io.jenkins.plugins.oauthmail.testing.EntraPerson;
import io.jenkins.plugins.oauthmail.testing.FakeTime;
import io.jenkins.plugins.oauthmail.testing.TestCa;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/** A token server with one application and one person, and what the engine needs to talk to it. */
final class TokenRig implements AutoCloseable {

    static final String CLIENT_ID = "8c6a7a52-90ab-4a3c-a1c2-5f2f7f3f0a11";
    static final String SECRET = "s3cret~of.the_application";
    static final String USER = "robot@contoso.test";
    static final String REDIRECT = "http://localhost:8080/jenkins/oauth-mail/redirect";
    static final Set<String> SCOPES =
            Set.of("https://outlook.office.com/SMTP.Send", "https://outlook.office.com/IMAP.AccessAsUser.All");
    static final Set<String> DEFAULT_SCOPE = Set.of("https://outlook.office365.com/.default");

    final EntraFake entra = EntraFake.start()
            .register(EntraApplication.of(CLIENT_ID)
                    .withSecrets(SECRET)
                    .withExpiredSecrets("an-expired-secret")
                    .withCertificates(Fixtures.certificate("rsa.certificate.pem"))
                    .withRedirectUris(REDIRECT))
            .add(EntraPerson.named(USER))
            .add(EntraPerson.named("other@contoso.test"))
            .grantMailbox(CLIENT_ID, USER);
    final FakeTime time = new FakeTime();
    final HttpClient http = HttpClient.newBuilder()
            .sslContext(TestCa.get().clientContext())
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    Registration registration() {
        return registration(new ClientCredential.Secret(SECRET));
    }

    Registration registration(ClientCredential credential) {
        return new Registration(CLIENT_ID, new Authority(URI.create(entra.authority())), credential);
    }

    AuthorizationRequest request() {
        return AuthorizationRequest.create(registration(), REDIRECT, SCOPES, USER, Clock.systemUTC());
    }

    /** @return the code that the browser brings back */
    String code(AuthorizationRequest request) throws IOException, InterruptedException {
        return EntraBrowser.parameter(new EntraBrowser().signIn(request.url(), USER), "code");
    }

    SignIn signIn() throws Exception {
        AuthorizationRequest request = request();
        return request.redeem(registration(), code(request), http);
    }

    MemoryStore authorized() throws Exception {
        return new MemoryStore(signIn().tokenCache());
    }

    DelegatedTokenSource delegated(TokenCacheStore store) {
        return delegated(new TokenCacheKeeper(store, time));
    }

    DelegatedTokenSource delegated(TokenCacheKeeper keeper) {
        return new DelegatedTokenSource(registration(), SCOPES, keeper, http, TokenEndpoint.PATIENCE, time);
    }

    ApplicationTokenSource application() {
        return new ApplicationTokenSource(registration(), DEFAULT_SCOPE, http, TokenEndpoint.PATIENCE, time);
    }

    @Override
    public void close() {
        entra.close();
    }
}
