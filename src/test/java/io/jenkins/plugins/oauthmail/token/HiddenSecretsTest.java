package io.jenkins.plugins.oauthmail.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HiddenSecretsTest {

    @Test
    void noTextFormHoldsASecret() throws Exception {
        try (Mailroom room = new Mailroom()) {
            AuthorizationRequest request = room.request();
            String code = room.code(request);
            SignIn signIn = request.redeem(room.registration(), code, room.http);
            AccessToken token = new AccessToken("the-access-token", Instant.EPOCH);
            ProofKey proof = ProofKey.create();
            ClientCredential.Certificate certificate = new ClientCredential.Certificate(
                    Fixtures.key("rsa.pkcs8.pem"), Fixtures.certificate("rsa.certificate.pem"));
            String texts = String.join(
                    "\n",
                    List.of(
                            request.toString(),
                            signIn.toString(),
                            token.toString(),
                            proof.toString(),
                            certificate.toString(),
                            room.registration().toString(),
                            room.registration(certificate).toString(),
                            room.delegated(new MemoryStore(signIn.tokenCache())).toString(),
                            room.application().toString(),
                            room.entra.calls().toString()));
            for (String secret : List.of(
                    Mailroom.SECRET,
                    code,
                    request.state(),
                    "the-access-token",
                    proof.verifier(),
                    signIn.tokenCache(),
                    "RefreshToken",
                    "modulus",
                    "BigInteger")) {
                assertFalse(texts.contains(secret), texts);
            }
            assertEquals(
                    "Registration[clientId=" + Mailroom.CLIENT_ID + ", authority=" + room.entra.authority()
                            + ", credential=Secret[hidden]]",
                    room.registration().toString());
        }
    }
}
