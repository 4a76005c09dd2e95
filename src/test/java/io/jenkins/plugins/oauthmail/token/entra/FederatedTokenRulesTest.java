package io.jenkins.plugins.oauthmail.token.entra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.testing.FederatedIssuer;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is checked of a federated token before it is sent. */
class FederatedTokenRulesTest {
    private static final String ISSUER = "https://issuer.example.test/oidc";
    private static final String SUBJECT = "system:serviceaccount:jenkins:controller";
    private static final FederatedIssuer ISSUES = new FederatedIssuer(ISSUER);
    private static final FederatedTokenRules RULES =
            new FederatedTokenRules(ISSUER, SUBJECT, FederatedTokenRules.DEFAULT_AUDIENCE);

    private static FederatedTokenRules.Checked check(FederatedTokenRules rules, String token) throws TokenFailure {
        return rules.check(token, "The token", Clock.systemUTC());
    }

    private static String refusal(String token) {
        TokenFailure failure = assertThrows(TokenFailure.class, () -> check(RULES, token));
        assertEquals(TokenFailure.Kind.KEY_MATERIAL, failure.kind());
        for (String part : token.split("\\.")) {
            assertFalse(part.length() > 3 && failure.getMessage().contains(part), failure.getMessage());
        }
        return failure.getMessage();
    }

    private static Map<String, Object> with(String claim, Object value) {
        Map<String, Object> claims = ISSUES.claims(SUBJECT);
        claims.put(claim, value);
        return claims;
    }

    @Test
    void acceptsAGoodToken() throws Exception {
        String token = ISSUES.issue(SUBJECT);
        FederatedTokenRules.Checked checked = check(RULES, "\n" + token + "\r\n");
        assertEquals(token, checked.value());
        assertEquals(ISSUER, checked.issuer());
        assertEquals(SUBJECT, checked.subject());
        assertFalse(checked.toString().contains(token));
    }

    @Test
    void acceptsAnyIssuerAndSubjectIfNoneIsConfigured() throws Exception {
        FederatedTokenRules any = new FederatedTokenRules(null, null, FederatedTokenRules.DEFAULT_AUDIENCE);
        assertEquals("somebody", check(any, ISSUES.issue("somebody")).subject());
    }

    @Test
    void acceptsAListOfAudiences() throws Exception {
        long exp = Instant.now().getEpochSecond() + 600;
        check(
                RULES,
                ISSUES.sign(
                        "{\"alg\":\"RS256\"}",
                        "{\"iss\":\"" + ISSUER + "\",\"sub\":\"" + SUBJECT
                                + "\",\"aud\":[\"x\",\"api://AzureADTokenExchange\"],\"exp\":" + exp + "}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "secret value",
                "a.b",
                "a.b.c",
                "a.b.c.d",
                "..",
                "e30.e30.e30",
                "-----BEGIN PRIVATE KEY-----",
                "abc8Q~a.secret_value.more",
                "\u0000.\u0000.\u0000"
            })
    void rejectsWhatIsNoToken(String text) {
        assertTrue(refusal(text).startsWith("The token is not a signed JWT."), text);
    }

    @Test
    void rejectsMalformedTokens() {
        String claims = "{\"iss\":\"" + ISSUER + "\"}";
        for (String token : new String[] {
            ISSUES.sign("{\"alg\":\"none\"}", claims),
            ISSUES.sign("{\"alg\":\"None\"}", claims),
            ISSUES.sign("{}", claims),
            ISSUES.sign("{\"alg\":\"RS256\"}", "[1]"),
            ISSUES.sign("{\"alg\":\"RS256\"}", "not json"),
            ISSUES.sign("{\"alg\":\"RS256\"}", "[".repeat(10_000)),
            ISSUES.issue(SUBJECT).replaceFirst("\\.[^.]*$", "."),
            ISSUES.issue(SUBJECT).replaceFirst("\\.", ".\n"),
            ISSUES.issue(SUBJECT) + "=",
            "x".repeat(100_000) + ".e30.x"
        }) {
            assertTrue(refusal(token).contains("is not a signed JWT"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "iss, https://issuer.example.test/oidc/, has the issuer (iss) https://issuer.example.test/oidc/",
        "iss, '', has no claim iss",
        "iss, 7, has the issuer",
        "sub, System:serviceaccount:jenkins:controller, has the subject (sub) System:serviceaccount",
        "sub, '', has no claim sub",
        "aud, https://kubernetes.default.svc, has the audience (aud) https://kubernetes.default.svc",
        "exp, tomorrow, has no valid time in its claim exp",
        "nbf, later, has no valid time in its claim nbf"
    })
    void namesTheClaimThatIsWrong(String claim, String value, String sentence) {
        String said = refusal(ISSUES.issue(with(claim, value)));
        assertTrue(said.contains(sentence), said);
    }

    @Test
    void namesClaimsThatAreMissing() {
        for (String claim : new String[] {"iss", "sub", "aud", "exp"}) {
            Map<String, Object> claims = ISSUES.claims(SUBJECT);
            claims.remove(claim);
            assertTrue(refusal(ISSUES.issue(claims)).contains("has no claim " + claim), claim);
        }
    }

    @Test
    void checksTheTimes() throws Exception {
        Instant now = Instant.parse("2026-11-29T12:00:00Z");
        Clock clock = Clock.fixed(now, ZoneOffset.UTC);
        Map<String, Object> claims = with("iat", now.getEpochSecond());
        claims.put("exp", now.getEpochSecond());
        TokenFailure expired =
                assertThrows(TokenFailure.class, () -> RULES.check(ISSUES.issue(claims), "The token", clock));
        assertTrue(expired.getMessage().startsWith("The token expired at 2026-11-29T12:00:00Z"), expired.getMessage());
        claims.put("exp", now.getEpochSecond() + 1);
        RULES.check(ISSUES.issue(claims), "The token", clock);
        for (String claim : new String[] {"nbf", "iat"}) {
            claims.put(claim, now.getEpochSecond() + 300);
            RULES.check(ISSUES.issue(claims), "The token", clock);
            claims.put(claim, now.getEpochSecond() + 301);
            TokenFailure early =
                    assertThrows(TokenFailure.class, () -> RULES.check(ISSUES.issue(claims), "The token", clock));
            assertTrue(early.getMessage().contains("is not valid before"), early.getMessage());
            claims.put(claim, now.getEpochSecond());
        }
        claims.put("exp", Long.MAX_VALUE);
        assertThrows(TokenFailure.class, () -> RULES.check(ISSUES.issue(claims), "The token", clock));
    }
}
