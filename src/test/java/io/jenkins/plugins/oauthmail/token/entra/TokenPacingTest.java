package io.jenkins.plugins.oauthmail.token.entra;

import static io.jenkins.plugins.oauthmail.token.entra.TokenRig.USER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.testing.EntraAnswer;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import io.jenkins.plugins.oauthmail.token.TokenSource;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How often the token endpoint is asked, and when what could not be saved is saved. */
class TokenPacingTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private TokenRig rig;

    @BeforeEach
    void open() {
        rig = new TokenRig();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    static Stream<EntraAnswer> passing() {
        return Stream.of(
                EntraAnswer.temporarilyUnavailable(),
                EntraAnswer.badGateway(),
                EntraAnswer.refusal("temporarily_unavailable", 90033, "A transient error has occurred."),
                EntraAnswer.refusal("server_error", 90006, "The service is temporarily unavailable."));
    }

    @ParameterizedTest
    @MethodSource("passing")
    void retriesAFailingEndpointAfterAPause(EntraAnswer answer) throws Exception {
        rig.entra.refreshTokensWorkOnce(true);
        DelegatedTokenSource source = rig.delegated(rig.authorized());
        rig.entra.answerNext(answer);
        assertTrue(rig.entra.accepts(USER, source.refresh().value()));
        assertEquals(2, rig.entra.count("refresh_token"));
        rig.entra.answerNext(answer);
        assertTrue(rig.entra.accepts(USER, rig.application().token().value()));
        assertEquals(2, rig.entra.count("client_credentials"));
        assertEquals(List.of(Duration.ofMillis(1500), Duration.ofMillis(1500)), rig.time.pauses());
    }

    @ParameterizedTest
    @MethodSource("passing")
    void reportsAnEndpointThatFailsTwiceAsUnreachable(EntraAnswer answer) throws Exception {
        ApplicationTokenSource source = rig.application();
        rig.entra.answerNext(answer);
        rig.entra.answerNext(answer);
        TokenFailure failure = assertThrows(TokenFailure.class, source::token);
        assertEquals(TokenFailure.Kind.UNREACHABLE, failure.kind());
        assertTrue(failure.getMessage().endsWith(": try again later."), failure.getMessage());
        assertEquals(2, rig.entra.count("client_credentials"));
    }

    @Test
    void keepsATokenIfTheProviderIsUnreachable() throws Exception {
        for (TokenSource source : List.of(rig.application(), rig.delegated(rig.authorized()))) {
            AccessToken first = source.token();
            source.renewNext();
            AccessToken second = source.token();
            assertNotEquals(first.value(), second.value());
            assertEquals(second, source.token(), "once");
            source.renewNext();
            rig.entra.answerNext(EntraAnswer.badGateway());
            rig.entra.answerNext(EntraAnswer.badGateway());
            assertEquals(second, source.token());
            int asked = rig.entra.count("refresh_token") + rig.entra.count("client_credentials");
            assertEquals(second, source.token());
            assertEquals(asked, rig.entra.count("refresh_token") + rig.entra.count("client_credentials"));
            source.renewNext();
            rig.entra.answerNext(EntraAnswer.aadsts(7000215));
            assertEquals(
                    TokenFailure.Kind.CLIENT_REFUSED,
                    assertThrows(TokenFailure.class, source::token).kind());
        }
    }

    @Test
    void waitsForAShortRetryAfter() throws Exception {
        DelegatedTokenSource source = rig.delegated(rig.authorized());
        rig.entra.answerNext(EntraAnswer.tooManyRequests(17));
        assertTrue(rig.entra.accepts(USER, source.refresh().value()));
        assertEquals(List.of(Duration.ofSeconds(17)), rig.time.pauses());
    }

    @Test
    void respectsALongRetryAfterUpToALimit() throws Exception {
        ApplicationTokenSource source = rig.application();
        rig.entra.answerNext(EntraAnswer.tooManyRequests(3600));
        TokenFailure failure = assertThrows(TokenFailure.class, source::token);
        assertTrue(failure.getMessage().endsWith("try again in 3600 s."), failure.getMessage());
        TokenFailure next = assertThrows(TokenFailure.class, source::token);
        assertEquals(TokenFailure.Kind.UNREACHABLE, next.kind());
        assertTrue(next.getMessage().contains("no further requests for another 300 s"), next.getMessage());
        assertEquals(1, rig.entra.count("client_credentials"));
        rig.time.advance(Duration.ofMinutes(5));
        assertTrue(rig.entra.accepts(USER, source.token().value()));
        assertEquals(List.of(), rig.time.pauses(), "no build waits for so long");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "120, 120",
        "999999999999, 86400",
        "'Sat, 28 Nov 2026 10:00:30 GMT', 30",
        "'Sat, 28 Nov 2026 09:00:00 GMT', 0",
        "-1,",
        "soon,",
        "'',"
    })
    void parsesRetryAfterAsSecondsOrDate(String value, Long seconds) {
        Duration read = RetryAfter.in(
                HttpHeaders.of(Map.of("Retry-After", List.of(value)), (name, v) -> true),
                Instant.parse("2026-11-28T10:00:00Z"));
        assertEquals(seconds == null ? null : Duration.ofSeconds(seconds), read);
        assertNull(RetryAfter.in(HttpHeaders.of(Map.of(), (name, v) -> true), Instant.EPOCH));
    }

    /** The clock here need not be right. */
    @Test
    void usesTheClockOfTheServerForDates() {
        HttpHeaders headers = HttpHeaders.of(
                Map.of(
                        "Date", List.of("Sat, 28 Nov 2026 10:00:00 GMT"),
                        "Retry-After", List.of("Sat, 28 Nov 2026 10:00:30 GMT")),
                (name, value) -> true);
        assertEquals(Duration.ofSeconds(30), RetryAfter.in(headers, Instant.parse("2026-11-28T11:00:00Z")));
    }

    @Test
    void returnsABodyOnce() {
        OneTimeBody body = new OneTimeBody("refresh_token=x");
        List<String> heard = new ArrayList<>();
        assertEquals(15, body.contentLength());
        body.subscribe(listener(heard));
        body.subscribe(listener(heard));
        assertEquals(List.of("15 bytes", "complete", "The request is not sent a second time."), heard);
    }

    private static Flow.Subscriber<ByteBuffer> listener(List<String> heard) {
        return new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(ByteBuffer part) {
                heard.add(part.remaining() + " bytes");
            }

            @Override
            public void onError(Throwable failure) {
                heard.add(failure.getMessage());
            }

            @Override
            public void onComplete() {
                heard.add("complete");
            }
        };
    }

    @Test
    void savesWithinAMinuteOnceTheDiskHasSpace() throws Exception {
        MemoryStore store = rig.authorized();
        TokenCacheKeeper keeper = new TokenCacheKeeper(store, rig.time);
        assertEquals(Optional.empty(), keeper.unsavedBecause());
        store.saveFails = new FileSystemException("/var/lib/jenkins/x", null, "No space left\non device");
        AccessToken token = rig.delegated(keeper).refresh();
        assertEquals(Optional.of("No space left on device"), keeper.unsavedBecause(), "and no path");
        rig.time.advance(MINUTE);
        assertTrue(keeper.unsavedBecause().isPresent());
        store.saveFails = null;
        rig.time.advance(MINUTE);
        assertEquals(Optional.empty(), keeper.unsavedBecause());
        assertTrue(store.load().contains(token.value()));
        rig.time.advance(MINUTE);
        assertEquals(1, store.saved.size());
    }

    @Test
    void newSourceKeepsWhatIsInMemory() throws Exception {
        rig.entra.refreshTokensWorkOnce(true);
        MemoryStore store = rig.authorized();
        TokenCacheKeeper keeper = new TokenCacheKeeper(store, rig.time);
        store.saveFails = new IOException("full");
        rig.delegated(keeper).refresh();
        assertTrue(rig.entra.accepts(USER, rig.delegated(keeper).refresh().value()));
    }

    @Test
    void unsavedCacheReplacesNoNewerSignIn() throws Exception {
        MemoryStore store = rig.authorized();
        TokenCacheKeeper keeper = new TokenCacheKeeper(store, rig.time);
        store.saveFails = new IOException("full");
        rig.delegated(keeper).refresh();
        store.saveFails = null;
        String newer = rig.signIn().tokenCache();
        store.save(newer);
        rig.time.advance(MINUTE);
        assertEquals(newer, store.load());
        assertEquals(Optional.empty(), keeper.unsavedBecause());

        store.saveFails = new IOException("full");
        rig.delegated(keeper).refresh();
        store.saveFails = new TokenCacheStore.Forgotten();
        rig.time.advance(MINUTE);
        assertEquals(Optional.empty(), keeper.unsavedBecause());
    }

    @Test
    void doesNotReturnARefusedToken() throws Exception {
        DelegatedTokenSource delegated = rig.delegated(rig.authorized());
        replacesWhatIsRefused(delegated);
        assertEquals(1, rig.entra.count("refresh_token"));
        replacesWhatIsRefused(rig.application());
        assertEquals(2, rig.entra.count("client_credentials"));
    }

    private static void replacesWhatIsRefused(TokenSource source) throws Exception {
        AccessToken first = source.token();
        source.refused(new AccessToken("somebody else's", Instant.MAX));
        assertEquals(first, source.token());
        source.refused(first);
        AccessToken second = source.token();
        assertNotEquals(first.value(), second.value());
        source.refused(first);
        assertEquals(second, source.token(), "another build found out first");
    }

    @Test
    void limitsRequestsIfAServerRefusesEveryToken() throws Exception {
        ApplicationTokenSource source = rig.application();
        Set<String> values = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            AccessToken token = source.token();
            values.add(token.value());
            source.refused(token);
        }
        assertEquals(7, values.size());
        assertEquals(7, rig.entra.count("client_credentials"));
        rig.time.advance(MINUTE);
        source.refused(source.token());
        assertEquals(8, values.size() + (values.add(source.token().value()) ? 1 : 0));
    }
}
