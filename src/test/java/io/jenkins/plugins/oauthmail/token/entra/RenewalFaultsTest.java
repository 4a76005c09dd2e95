package io.jenkins.plugins.oauthmail.token.entra;

import static io.jenkins.plugins.oauthmail.token.entra.TokenRig.USER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.EntraAnswer;
import io.jenkins.plugins.oauthmail.testing.EntraHold;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
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

    private TokenRig rig;

    @BeforeEach
    void open() {
        rig = new TokenRig();
        rig.entra.refreshTokensWorkOnce(true);
    }

    @AfterEach
    void close() {
        rig.close();
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
    void usesAndRenewsATokenThatCannotBeSaved(Exception fault) throws Exception {
        MemoryStore store = rig.authorized();
        DelegatedTokenSource source = rig.delegated(store);
        store.fail(fault);
        assertTrue(rig.entra.accepts(USER, source.refresh().value()));
        assertTrue(rig.entra.accepts(USER, source.refresh().value()), "by the refresh token that is not on the disk");
        assertEquals(List.of(), store.saved);

        store.fail(null);
        source.token();
        assertEquals(1, store.saved.size(), "saved at the next use");
        assertTrue(
                rig.entra.accepts(USER, rig.delegated(store).refresh().value()), "a restarted Jenkins goes on with it");
        source.token();
        assertEquals(2, store.saved.size(), "and once only");
    }

    @Test
    void doesNotRepeatARenewalWhoseResponseWasLost() throws Exception {
        MemoryStore store = rig.authorized();
        DelegatedTokenSource source = rig.delegated(store);
        rig.entra.loseNextAnswer();
        TokenFailure lost = assertThrows(TokenFailure.class, source::refresh);
        assertEquals(TokenFailure.Kind.UNREACHABLE, lost.kind());
        assertEquals(1, rig.entra.count("refresh_token"), "the refresh token may be used up");

        TokenFailure refused = assertThrows(TokenFailure.class, source::refresh);
        assertEquals(TokenFailure.Kind.SIGN_IN_AGAIN, refused.kind());
        assertFalse(refused.getMessage().contains("by its owner"), refused.getMessage());
        assertTrue(refused.getMessage().contains("AADSTS50173"), refused.getMessage());
        assertTrue(refused.getMessage().contains("was lost"), refused.getMessage());
        assertTrue(refused.getMessage().endsWith(": re-authorize the mail account."), refused.getMessage());
    }

    @Test
    void reportsARevokedSignIn() throws Exception {
        MemoryStore store = rig.authorized();
        DelegatedTokenSource source = rig.delegated(store);
        source.refresh();
        rig.entra.revokeRefreshTokens();
        TokenFailure refused = assertThrows(TokenFailure.class, source::refresh);
        assertTrue(refused.getMessage().startsWith("The sign-in was revoked by its owner"), refused.getMessage());
    }

    @Test
    void treatsAnUnusableResponseAsLost() throws Exception {
        for (String body : List.of("", "{", "{\"access_token\":", "<html>", "{\"access_token\":5}")) {
            DelegatedTokenSource source = rig.delegated(rig.authorized());
            rig.entra.answerNext(EntraAnswer.page(body));
            TokenFailure failure = assertThrows(TokenFailure.class, source::refresh, body);
            assertEquals(TokenFailure.Kind.UNREACHABLE, failure.kind(), body);
            rig.entra.revokeRefreshTokens();
            TokenFailure refused = assertThrows(TokenFailure.class, source::refresh, body);
            assertFalse(refused.getMessage().contains("by its owner"), refused.getMessage());
        }
    }

    @Test
    void keepsTheExplanationOfOtherRefusals() throws Exception {
        DelegatedTokenSource source = rig.delegated(rig.authorized());
        rig.entra.loseNextAnswer();
        assertThrows(TokenFailure.class, source::refresh);
        rig.entra.answerNext(EntraAnswer.aadsts(65001));
        TokenFailure refused = assertThrows(TokenFailure.class, source::refresh);
        assertTrue(refused.getMessage().startsWith("Nobody has consented to the permissions"), refused.getMessage());
    }

    @Test
    void abortedBuildDoesNotStopARenewal() throws Exception {
        MemoryStore store = rig.authorized();
        DelegatedTokenSource source = rig.delegated(store);
        FutureTask<AccessToken> stopped = new FutureTask<>(source::refresh);
        FutureTask<AccessToken> other = new FutureTask<>(source::refresh);
        try (EntraHold hold = rig.entra.hold()) {
            Thread build = begin(stopped);
            begin(other);
            hold.awaitRequest();
            build.interrupt();
            Exception ended = assertThrows(Exception.class, stopped::get);
            assertTrue(ended.getCause() instanceof InterruptedException, String.valueOf(ended.getCause()));
            hold.close();
            assertTrue(rig.entra.accepts(USER, other.get().value()));
        }
        assertEquals(1, rig.entra.count("refresh_token"));
        assertEquals(1, store.saved.size());
    }

    private static Thread begin(FutureTask<?> task) throws Exception {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        Await.until(() -> thread.getState() == Thread.State.WAITING);
        return thread;
    }
}
