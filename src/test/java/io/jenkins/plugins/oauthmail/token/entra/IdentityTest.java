package io.jenkins.plugins.oauthmail.token.entra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class IdentityTest {

    private static final String GOOD =
            "{\"aud\":\"app\",\"nonce\":\"n1\",\"tid\":\"t1\",\"oid\":\"o1\",\"preferred_username\":\"me@x.test\"}";

    private static String idToken(String claims) {
        String payload =
                Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        return "e30." + payload + ".c2ln";
    }

    private static void refused(String words, String idToken) {
        TokenFailure failure = assertThrows(TokenFailure.class, () -> Identity.of(idToken, "app", "n1"));
        assertEquals(TokenFailure.Kind.SIGN_IN_AGAIN, failure.kind());
        assertTrue(failure.getMessage().contains(words), failure.getMessage());
    }

    @Test
    void readsTheIdentity() throws Exception {
        Identity expected = new Identity("t1", "o1", "me@x.test");
        assertEquals(expected, Identity.of(idToken(GOOD), "app", "n1"));
        assertEquals(expected, Identity.of(idToken(GOOD.replace("\"app\"", "[\"b\",\"app\"]")), "app", "n1"));
    }

    @Test
    void rejectsTokensForOthers() {
        refused("made for another application", idToken(GOOD.replace("\"app\"", "\"other\"")));
        refused("made for another application", idToken(GOOD.replace("\"aud\"", "\"x\"")));
        refused("nonce differs", idToken(GOOD.replace("n1", "n2")));
        refused("nonce differs", idToken(GOOD.replace("\"nonce\"", "\"x\"")));
    }

    @Test
    void rejectsTokensWithoutIdentity() {
        for (String claim : new String[] {"tid", "oid", "preferred_username"}) {
            refused("does not say who signed in", idToken(GOOD.replace("\"" + claim + "\"", "\"x\"")));
        }
        refused("does not say who signed in", idToken(GOOD.replace("\"o1\"", "7")));
    }

    @Test
    void rejectsInvalidIdTokens() {
        for (String text : new String[] {null, "", "a.b", "e30.!!!.c2ln", idToken("[]"), idToken("{")}) {
            refused("without a readable id_token", text);
        }
    }
}
