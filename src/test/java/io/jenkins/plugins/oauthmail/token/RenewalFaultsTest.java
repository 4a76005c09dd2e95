package io.jenkins.plugins.oauthmail.token;

import static io.jenkins.plugins.oauthmail.token.Mailroom.USER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.testing.EntraAnswer;
import io.jenkins.plugins.oauthmail.testing.EntraHold;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of refresh tokens for single use when a disk is full, an answer is lost or a build is stopped. */
class RenewalFaultsTest {

    private Mailroom room;

    @BeforeEach
    void open() {
        room = new Mailroom();
        room.entra.refreshTokensWorkOnce(true);
    }

    @AfterEach
    void close() {
        room.close();
    }

    static Stream<Exception> failingWrites() {
        return Stream.of(
                new IOException("No space left on device"),
                new FileSystemException("/var/lib/jenkins/oauth-mail/x.xml", null, "Read-only file system"),
                new AccessDeniedException("/var/lib/jenkins/oauth-mail/x.xml"),
                new IllegalStateException("a bug in a serializer"));
    }

    @ParameterizedTest
    @MethodSource("failingWrites")
    void aTokenThatCannotBeSavedIsUsedAndRenewedFromMemory(Exception fault) throws Exception {
        MemoryStore store = room.authorized();
        DelegatedTokenSource source = room.delegated(store);
        store.fail(fault);
        assertTrue(room.entra.accepts(USER, source.refresh().value()));
        assertTrue(room.entra.accepts(USER, source.refresh().value()), "by the refresh token that is not on the disk");
        assertEquals(List.of(), store.saved);

        store.fail(null);
        source.token();
        assertEquals(1, store.saved.size(), "saved at the next use");
        assertTrue(
                room.entra.accepts(USER, room.delegated(store).refresh().value()),
                "a restarted Jenkins goes on with it");
        source.token();
        assertEquals(2, store.saved.size(), "and once only");
    }

    @Test
    void anAnswerThatWasLostIsNotAskedForAgainAndNobodyIsBlamed() throws Exception {
        MemoryStore store = room.authorized();
        DelegatedTokenSource source = room.delegated(store);
        room.entra.loseNextAnswer();
        TokenFailure lost = assertThrows(TokenFailure.class, source::refresh);
        assertEquals(TokenFailure.Kind.UNREACHABLE, lost.kind());
        assertEquals(1, room.entra.count("refresh_token"), "the refresh token may be used up");

        TokenFailure refused = assertThrows(TokenFailure.class, source::refresh);
        assertEquals(TokenFailure.Kind.SIGN_IN_AGAIN, refused.kind());
        assertFalse(refused.getMessage().contains("by its owner"), refused.getMessage());
        assertTrue(refused.getMessage().contains("AADSTS50173"), refused.getMessage());
        assertTrue(refused.getMessage().contains("was lost"), refused.getMessage());
        assertTrue(refused.getMessage().endsWith(": re-authorize the mail account."), refused.getMessage());
    }

    @Test
    void aRevokedSignInIsCalledSo() throws Exception {
        MemoryStore store = room.authorized();
        DelegatedTokenSource source = room.delegated(store);
        source.refresh();
        room.entra.revokeRefreshTokens();
        TokenFailure refused = assertThrows(TokenFailure.class, source::refresh);
        assertTrue(refused.getMessage().startsWith("The sign-in was revoked by its owner"), refused.getMessage());
    }

    @Test
    void anAnswerThatCannotBeUnderstoodIsLostToo() throws Exception {
        for (String body : List.of("", "{", "{\"access_token\":", "<html>", "{\"access_token\":5}")) {
            DelegatedTokenSource source = room.delegated(room.authorized());
            room.entra.answerNext(EntraAnswer.page(body));
            TokenFailure failure = assertThrows(TokenFailure.class, source::refresh, body);
            assertEquals(TokenFailure.Kind.UNREACHABLE, failure.kind(), body);
            room.entra.revokeRefreshTokens();
            TokenFailure refused = assertThrows(TokenFailure.class, source::refresh, body);
            assertFalse(refused.getMessage().contains("by its owner"), refused.getMessage());
        }
    }

    @Test
    void aRefusalWithAnotherCauseKeepsItsWords() throws Exception {
        DelegatedTokenSource source = room.delegated(room.authorized());
        room.entra.loseNextAnswer();
        assertThrows(TokenFailure.class, source::refresh);
        room.entra.answerNext(EntraAnswer.aadsts(65001));
        TokenFailure refused = assertThrows(TokenFailure.class, source::refresh);
        assertTrue(refused.getMessage().startsWith("The permissions were not consented to"), refused.getMessage());
    }

    @Test
    void aStoppedBuildSpoilsTheRenewalForNobody() throws Exception {
        MemoryStore store = room.authorized();
        DelegatedTokenSource source = room.delegated(store);
        FutureTask<AccessToken> stopped = new FutureTask<>(source::refresh);
        FutureTask<AccessToken> other = new FutureTask<>(source::refresh);
        try (EntraHold hold = room.entra.hold()) {
            Thread build = begin(stopped);
            begin(other);
            hold.awaitRequest();
            build.interrupt();
            Exception ended = assertThrows(Exception.class, stopped::get);
            assertTrue(ended.getCause() instanceof InterruptedException, String.valueOf(ended.getCause()));
            hold.close();
            assertTrue(room.entra.accepts(USER, other.get().value()));
        }
        assertEquals(1, room.entra.count("refresh_token"));
        assertEquals(1, store.saved.size());
    }

    private static Thread begin(FutureTask<?> task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        return thread;
    }
}
