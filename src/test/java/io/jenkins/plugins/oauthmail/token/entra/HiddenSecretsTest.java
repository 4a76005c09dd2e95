package io.jenkins.plugins.oauthmail.token.entra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.jenkins.plugins.oauthmail.token.AccessToken;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HiddenSecretsTest {

    @Test
    void toStringHidesSecrets() throws Exception {
        try (TokenRig rig = new TokenRig()) {
            AuthorizationRequest request = rig.request();
            String code = rig.code(request);
            SignIn signIn = request.redeem(rig.registration(), code, rig.http);
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
                            rig.registration().toString(),
                            rig.registration(certificate).toString(),
                            rig.delegated(new MemoryStore(signIn.tokenCache())).toString(),
                            rig.application().toString(),
                            rig.entra.calls().toString()));
            for (String secret : List.of(
                    TokenRig.SECRET,
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
                    "Registration[clientId=" + TokenRig.CLIENT_ID + ", authority=" + rig.entra.authority()
                            + ", credential=Secret[hidden]]",
                    rig.registration().toString());
        }
    }
}
