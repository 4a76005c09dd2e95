package io.jenkins.plugins.oauthmail.token.entra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.testing.EntraAnswer;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalTest {

    private static TokenRig rig;
    private static MemoryStore store;

    @BeforeAll
    static void open() throws Exception {
        rig = new TokenRig();
        store = rig.authorized();
    }

    @AfterAll
    static void close() {
        rig.close();
    }

    private static TokenFailure after(EntraAnswer answer) {
        rig.entra.answerNext(answer);
        return assertThrows(TokenFailure.class, () -> rig.delegated(store).refresh());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            700082  | invalid_grant        | SIGN_IN_AGAIN   | The sign-in was not used for 90 days
            50173   | invalid_grant        | SIGN_IN_AGAIN   | The sign-in was revoked
            65001   | invalid_grant        | SIGN_IN_AGAIN   | grant the delegated permissions of the app registration, then
            50076   | interaction_required | SIGN_IN_AGAIN   | The tenant now requires multi-factor authentication
            7000215 | invalid_client       | CLIENT_REFUSED  | not the secret ID
            7000222 | invalid_client       | CLIENT_REFUSED  | The client secret has expired
            700027  | invalid_client       | CLIENT_REFUSED  | upload exactly this certificate
            7000218 | invalid_client       | CLIENT_REFUSED  | The application must authenticate itself
            700016  | unauthorized_client  | CLIENT_REFUSED  | not registered in this tenant
            90002   | invalid_request      | REQUEST_REFUSED | There is no such tenant
            28000   | invalid_scope        | REQUEST_REFUSED | several resources
            70011   | invalid_scope        | REQUEST_REFUSED | check the Mail resource and Extra scopes of the OAuth application
            500011  | invalid_resource     | REQUEST_REFUSED | check the Cloud and Mail resource of the OAuth application
            900144  | invalid_request      | REQUEST_REFUSED | saying "The request body lacks a required parameter."
            """)
    void reportsProblemAndFix(int code, String error, TokenFailure.Kind kind, String words) {
        TokenFailure failure = after(EntraAnswer.aadsts(code));
        assertEquals(kind, failure.kind());
        assertEquals(error, failure.error());
        assertEquals("AADSTS" + code, failure.code());
        assertTrue(failure.getMessage().contains("(" + error + ", AADSTS" + code + ")"), failure.getMessage());
        assertTrue(failure.getMessage().contains(words), failure.getMessage());
        assertTrue(failure.getMessage().matches("[^\\n]+: [^\\n]+\\."), failure.getMessage());
        assertNotNull(failure.traceId());
        assertNotNull(failure.correlationId());
        assertFalse(failure.getMessage().contains("Trace ID"), failure.getMessage());
    }

    /** The cause that Microsoft documents for the code, its fix, and what Microsoft said in any case. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            50132   | invalid_grant        | the password was changed
            50055   | invalid_grant        | set a new password
            50144   | invalid_grant        | set a new password
            50057   | invalid_grant        | user account of the person is disabled
            50053   | invalid_grant        | sign-in logs
            50020   | invalid_grant        | sign in as a person of the tenant
            50034   | invalid_grant        | sign in as a person of the tenant
            90072   | invalid_grant        | sign in as a person of the tenant
            50105   | invalid_grant        | assign the person under Users and groups
            70008   | invalid_grant        | no longer valid
            53000   | interaction_required | a device or an app that the organization manages
            53001   | interaction_required | a device or an app that the organization manages
            530003  | interaction_required | a device or an app that the organization manages
            50097   | interaction_required | a device or an app that the organization manages
            53003   | access_denied        | conditional access policy of the tenant blocks
            530032  | access_denied        | conditional access policy of the tenant blocks
            530035  | access_denied        | The security defaults
            500021  | access_denied        | tenant restrictions of the proxy
            90095   | invalid_grant        | consent
            650056  | invalid_client       | under API permissions
            650057  | invalid_resource     | under API permissions
            650052  | invalid_client       | that the tenant has Exchange Online
            500014  | invalid_resource     | check the Exchange Online subscription
            700011  | unauthorized_client  | check the client ID and tenant ID
            700038  | unauthorized_client  | check the client ID and tenant ID
            7000229 | unauthorized_client  | no enterprise application in this tenant
            7000112 | unauthorized_client  | Enabled for users to sign in
            700024  | invalid_client       | set the clock
            50012   | invalid_client       | upload exactly this certificate
            700084  | invalid_grant        | register the redirect URI under the platform Web
            9002327 | invalid_request      | register the redirect URI under the platform Web
            500113  | invalid_request      | register the redirect URI exactly
            900023  | invalid_request      | There is no such tenant
            90130   | invalid_request      | instead of "common"
            90038   | invalid_request      | select that cloud
            123456  | invalid_request      | check the tenant, the scopes and the permissions
            """)
    void includesTheFixAndTheTextOfMicrosoft(int code, String error, String words) {
        String message =
                after(EntraAnswer.refusal(error, code, "Microsoft says this.")).getMessage();
        assertTrue(message.contains(words), message);
        assertTrue(
                message.contains(" (" + error + ", AADSTS" + code + "), saying \"Microsoft says this.\": "), message);
    }

    /** Entra has several codes for it. */
    @ParameterizedTest
    @ValueSource(ints = {50012, 700024, 700027, 500133, 123456})
    void reportsAWrongClock(int code) {
        String said = "Client assertion is not within its valid time range. Current time: 2026-11-28T10:00:00Z.";
        String message =
                after(EntraAnswer.refusal("invalid_client", code, said)).getMessage();
        assertTrue(message.startsWith("The clock of this computer is wrong"), message);
        assertTrue(message.contains(said), message);
    }

    @Test
    void dependsOnTheErrorNotOnTheCode() {
        assertEquals(
                TokenFailure.Kind.CLIENT_REFUSED,
                after(EntraAnswer.refusal("invalid_client", 700082, "Odd.")).kind());
        assertEquals(
                TokenFailure.Kind.SIGN_IN_AGAIN,
                after(EntraAnswer.refusal("invalid_grant", 7000215, "Odd.")).kind());
        TokenFailure unknown = after(EntraAnswer.refusal("brand_new_error", 9999999, "Something new."));
        assertEquals(TokenFailure.Kind.REQUEST_REFUSED, unknown.kind());
        assertEquals(
                "The provider refused the request (brand_new_error, AADSTS9999999), saying \"Something new.\":"
                        + " check the tenant, the scopes and the permissions of the app registration.",
                unknown.getMessage());
    }

    @Test
    void reportsAnOutageOfTheProvider() {
        rig.entra.answerNext(EntraAnswer.temporarilyUnavailable());
        TokenFailure unavailable = after(EntraAnswer.temporarilyUnavailable());
        assertEquals(TokenFailure.Kind.UNREACHABLE, unavailable.kind());
        assertEquals("temporarily_unavailable", unavailable.error());
        String host = rig.registration().authority().host();
        assertEquals(
                "The token endpoint " + host
                        + " sent no token response (HTTP 503, temporarily_unavailable, AADSTS90033),"
                        + " saying \"A transient error has occurred.\": try again later.",
                unavailable.getMessage());

        rig.entra.answerNext(EntraAnswer.tooManyRequests(17));
        TokenFailure throttled = after(EntraAnswer.tooManyRequests(17));
        assertEquals(TokenFailure.Kind.UNREACHABLE, throttled.kind());
        assertTrue(throttled.getMessage().endsWith(": try again in 17 s."), throttled.getMessage());

        rig.entra.answerNext(EntraAnswer.badGateway());
        TokenFailure gateway = after(EntraAnswer.badGateway());
        assertEquals(TokenFailure.Kind.UNREACHABLE, gateway.kind());
        assertEquals(
                "The token endpoint " + host + " sent no token response (HTTP 502): try again later.",
                gateway.getMessage());
        assertNull(gateway.error());
    }

    @Test
    void rejectsAnHtmlPageAsResponse() {
        for (String body : List.of(
                "<html>Log in to the hotel's network</html>",
                "",
                "[]",
                "{}",
                "{\"access_token\":5}",
                "{\"access_token\":",
                "[".repeat(100_000))) {
            TokenFailure failure = after(EntraAnswer.page(body));
            assertEquals(TokenFailure.Kind.UNREACHABLE, failure.kind());
            assertTrue(
                    failure.getMessage()
                            .endsWith("(HTTP 200): check that the authority is that of an Entra tenant and"
                                    + " that no proxy answers instead of it."),
                    failure.getMessage());
        }
    }

    @Test
    void handlesNonsenseInATokenResponse() {
        for (String body : List.of(
                "{\"access_token\":\"abcdefgh-secret\",\"expires_in\":\"soon\"}",
                "{\"access_token\":\"abcdefgh-secret\",\"expires_in\":3600,\"id_token\":\"no.jwt\",\"client_info\":\"x\"}",
                "{\"access_token\":\"abcdefgh-secret\",\"expires_in\":3600,\"id_token\":\"a.b.c\",\"client_info\":\"!\"}")) {
            TokenFailure failure = after(EntraAnswer.page(body));
            assertEquals(TokenFailure.Kind.UNREACHABLE, failure.kind());
            assertTrue(failure.getMessage().startsWith("The response of the token endpoint could not be used ("));
            for (Throwable t = failure; t != null; t = t.getCause()) {
                assertFalse(t.toString().contains("abcdefgh"), t.toString());
            }
        }
    }

    @Test
    void cleansTextOfTheProvider() {
        TokenFailure failure = after(EntraAnswer.refusal(
                "invalid_request",
                1,
                "Bad\r\n<script>alert(1)</script>\u0000\u001b[31m\u202eevil\u2028 & <b>bold</b> " + "x".repeat(9000)));
        assertFalse(failure.getMessage().matches("(?s).*[<>\\p{C}\\u2028].*"), failure.getMessage());
        assertTrue(failure.getMessage().contains("Bad alert(1) [31m evil & bold xxx"), failure.getMessage());
        assertTrue(failure.getMessage().length() < 500);
        assertTrue(failure.getMessage()
                .endsWith("check the tenant, the scopes and the permissions of the app registration."));
    }

    @Test
    void hidesEchoedSecrets() {
        TokenFailure failure = after(EntraAnswer.refusal(
                "invalid_client", 12345, "The secret '" + TokenRig.SECRET + "' is not known here."));
        assertTrue(failure.getMessage().contains("The secret '(hidden)' is not known here."), failure.getMessage());
    }

    @Test
    void ignoresMalformedIds() {
        ProviderError said = ProviderError.of(
                Map.of(
                        "error", "in valid",
                        "error_description", "nothing",
                        "trace_id", "<b>",
                        "correlation_id", "x".repeat(65),
                        "error_codes", List.of(70008)),
                List.of());
        assertEquals(new ProviderError(null, "AADSTS70008", null, null, "nothing"), said);
        assertEquals(
                new ProviderError("e", null, null, null, ""),
                ProviderError.of(Map.of("error", "e", "error_codes", List.of("x")), List.of()));
    }
}
