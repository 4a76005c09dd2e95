package io.jenkins.plugins.oauthmail.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.testing.EntraHold;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import io.jenkins.plugins.oauthmail.token.entra.TokenCacheStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is stored of a sign-in, and what a refresh that comes late may do to it. */
class AuthorizationStoreTest {
    private final AuthorizationStore store = new AuthorizationStore();
    private JenkinsRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private Authorization stored() {
        return store.find(JenkinsRig.ACCOUNT).orElseThrow();
    }

    @Test
    void storesARefreshEncrypted() throws Exception {
        store.tokenCache(stored()).save("a refresh token");
        assertEquals("a refresh token", store.tokenCache(stored()).load());
        assertFalse(Files.readString(rig.authorizationFile()).contains("a refresh token"));
    }

    @Test
    void deletesOnlyLeftoversOfKilledWrites() throws Exception {
        Path folder = rig.authorizationFile().getParent();
        Files.writeString(folder.resolve("atomic1234567890.tmp"), "half");
        Files.writeString(folder.resolve("atomic-account.xml"), "x");
        Files.writeString(folder.resolve("notes.tmp"), "somebody's");
        Files.createDirectory(folder.resolve("atomic1.tmp"));
        Files.createSymbolicLink(folder.resolve("atomic2.tmp"), Path.of("notes.tmp"));
        Files.writeString(rig.home().resolve("atomic3.tmp"), "of another plugin");
        AuthorizationStore next = new AuthorizationStore();
        assertFalse(Files.exists(folder.resolve("atomic1234567890.tmp")));
        for (String name : List.of("atomic-account.xml", "notes.tmp", "atomic1.tmp", "atomic2.tmp", "../atomic3.tmp")) {
            assertTrue(Files.exists(folder.resolve(name)), name);
        }
        assertTrue(next.find(JenkinsRig.ACCOUNT).isPresent());
    }

    @Test
    void reportsWhyARefreshCannotBeSavedWithoutPath() throws Exception {
        TokenCacheStore cache = store.tokenCache(stored());
        Path file = rig.authorizationFile();
        Files.move(file, file.resolveSibling("away"));
        Files.createDirectories(file.resolve("x"));
        IOException failure = assertThrows(IOException.class, () -> cache.save("tokens"));
        assertFalse(String.valueOf(failure.getMessage()).contains(rig.home().toString()), failure.toString());
    }

    @Test
    void ignoresARefreshThatEndsAfterANewSignIn() throws Exception {
        TokenCacheStore late = store.tokenCache(stored());
        Authorization earlier = stored();
        store.forget(JenkinsRig.ACCOUNT);
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        assertNotEquals(earlier.getAuthorizedAt(), stored().getAuthorizedAt());
        String current = stored().tokenCache().getPlainText();

        late.save("the old sign-in's token");

        assertEquals(current, stored().tokenCache().getPlainText());
        assertNull(late.load(), "the old sign-in must not use the new one's tokens");
    }

    @Test
    void rejectsARefreshThatEndsAfterForgetting() throws Exception {
        TokenCacheStore late = store.tokenCache(stored());
        store.forget(JenkinsRig.ACCOUNT);
        assertThrows(TokenCacheStore.Forgotten.class, () -> late.save("a token"));
        assertEquals(Optional.empty(), store.find(JenkinsRig.ACCOUNT));
    }

    private boolean lostToTheNextController() throws Exception {
        return new AuthorizationStore().tokenCache(stored()).answerLost();
    }

    @Test
    void remembersAnUnfinishedRenewalAfterARestart() throws Exception {
        TokenCacheStore cache = store.tokenCache(stored());
        assertFalse(lostToTheNextController());
        cache.renewalBegins();
        assertTrue(lostToTheNextController());
        cache.save("renewed");
        assertFalse(lostToTheNextController());

        cache.renewalBegins();
        store.record(stored(), new TokenFailure(TokenFailure.Kind.SIGN_IN_AGAIN, "Sign in again."));
        assertFalse(lostToTheNextController());
    }

    @Test
    void marksARunningRenewal() throws Exception {
        FutureTask<Void> renewal = new FutureTask<>(() -> {
            TokenSources.get().refresh(JenkinsRig.ACCOUNT);
            return null;
        });
        try (EntraHold hold = rig.entra().hold()) {
            Thread thread = new Thread(renewal);
            thread.start();
            hold.awaitRequest();
            assertTrue(lostToTheNextController());
        }
        renewal.get();
        assertFalse(lostToTheNextController());
    }

    @Test
    void doesNotBlameRevocationAfterAKilledRenewal() throws Exception {
        store.tokenCache(stored()).renewalBegins();
        rig.entra().revokeRefreshTokens();
        TokenFailure refusal =
                assertThrows(TokenFailure.class, () -> TokenSources.get().refresh(JenkinsRig.ACCOUNT));
        assertTrue(refusal.getMessage().contains("the sign-in need not have been revoked"), refusal.getMessage());
    }

    @Test
    void successfulTokenClearsTheError() throws Exception {
        store.record(stored(), new TokenFailure(TokenFailure.Kind.SIGN_IN_AGAIN, "Sign in again."));
        assertEquals("Sign in again.", stored().getTrouble().getSentence());
        rig.send(Map.of("account", JenkinsRig.ACCOUNT, "to", JenkinsRig.ADDRESS, "subject", "x"));
        assertNull(stored().getTrouble());
    }

    @Test
    void toleratesTemporaryFailuresForThreeDays() throws Exception {
        Instant monday = Instant.parse("2026-11-23T09:00:00Z");
        TokenFailure unreachable = new TokenFailure(TokenFailure.Kind.UNREACHABLE, "No answer.");
        at(monday).record(stored(), unreachable);
        at(monday.plus(Duration.ofDays(3)).minusSeconds(1)).record(stored(), unreachable);
        assertEquals(monday, stored().getTrouble().getSince());
        assertFalse(stored().getTrouble().needsAttention());
        at(monday.plus(Duration.ofDays(3))).record(stored(), unreachable);
        assertTrue(stored().getTrouble().needsAttention());

        at(monday).record(stored(), new TokenFailure(TokenFailure.Kind.SIGN_IN_AGAIN, "Sign in again."));
        assertTrue(stored().getTrouble().needsAttention(), "a refusal does not pass by itself");
    }

    private static AuthorizationStore at(Instant now) {
        return new AuthorizationStore(Clock.fixed(now, ZoneOffset.UTC));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<x",
                "<string>not ours</string>",
                "<io.jenkins.plugins.oauthmail.account.Authorization/>",
            })
    void reportsADamagedFileWithoutPath(String content) throws Exception {
        Authorization before = stored();
        Files.writeString(rig.authorizationFile(), content);
        TokenCacheStore cache = store.tokenCache(before);
        assertThrows(IOException.class, cache::load);
        assertThrows(IOException.class, () -> cache.save("a token"));
        store.record(before, new TokenFailure(TokenFailure.Kind.SIGN_IN_AGAIN, "an error"));
        assertEquals(content, Files.readString(rig.authorizationFile()));

        UncheckedIOException unreadable =
                assertThrows(UncheckedIOException.class, () -> store.find(JenkinsRig.ACCOUNT));
        TokenFailure failure =
                assertThrows(TokenFailure.class, () -> TokenSources.get().refresh(JenkinsRig.ACCOUNT));
        for (String sentence : new String[] {unreadable.getMessage(), failure.getMessage()}) {
            assertTrue(
                    sentence.contains(JenkinsRig.ACCOUNT + " cannot be read") && sentence.contains("Forget"), sentence);
            assertFalse(sentence.contains(rig.home().toString()), sentence);
        }
        store.forget(JenkinsRig.ACCOUNT);
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
    }
}
