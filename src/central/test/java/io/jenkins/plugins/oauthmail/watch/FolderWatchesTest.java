package io.jenkins.plugins.oauthmail.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailServer;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.mail.OnBothServers;
import jakarta.mail.Flags;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many who wait for one folder. */
@OnBothServers
@Timeout(60)
class FolderWatchesTest {
    private static final int MANY = 500;

    private final FolderWatches waits = new FolderWatches();
    private JenkinsRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void fiveHundredShareOneConnectionAndAllCheckOnNewMail() throws Exception {
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        List<Waiter> waiters = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            Waiter waiter = new Waiter();
            waiters.add(waiter);
            waits.join(JenkinsRig.ACCOUNT, "INBOX", waiter);
        }
        for (Waiter waiter : waiters) {
            waiter.looks.acquire(); // each looks when it joins, as the mail may be there already
        }
        Await.until(() -> rig.mail().imapHeard().stream().anyMatch(line -> line.endsWith("IDLE")));
        waiters.forEach(waiter -> waiter.looks.drainPermits());
        byte[] raw = "Subject: x\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII);
        rig.mail().deliver(JenkinsRig.ADDRESS, "INBOX", raw, Instant.now(), new Flags());
        for (Waiter waiter : waiters) {
            waiter.looks.acquire();
        }
        assertEquals(1, rig.mail().imapConnections());
        for (Waiter waiter : waiters) {
            waits.leave(JenkinsRig.ACCOUNT, "INBOX", waiter);
        }
        Await.until(() ->
                rig.mail().imapHeard().get(rig.mail().imapHeard().size() - 1).endsWith("LOGOUT"));
        assertEquals(1, rig.mail().imapConnections());
    }

    @Test
    void reportsWhyTheFolderCannotBeWatched() throws Exception {
        Waiter waiter = new Waiter();
        waits.join(JenkinsRig.ACCOUNT, "INBOX", waiter);
        waiter.failures.acquire();
        assertTrue(waiter.failure.getMessage().contains("press Authorize"), waiter.failure.getMessage());
        waits.leave(JenkinsRig.ACCOUNT, "INBOX", waiter);
    }

    @Test
    void stopsWatchingAForgottenAccount() throws Exception {
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        Waiter waiter = new Waiter();
        waits.join(JenkinsRig.ACCOUNT, "INBOX", waiter);
        Await.until(() -> rig.mail().imapHeard().stream().anyMatch(line -> line.endsWith("IDLE")));
        AuthorizationStore.get().forget(JenkinsRig.ACCOUNT);
        waits.forgotten(JenkinsRig.ACCOUNT);
        waiter.failures.acquire();
        assertTrue(waiter.failure.getMessage().contains("press Authorize"), waiter.failure.getMessage());
        Await.until(() -> rig.mail().imapHeard().stream().anyMatch("DONE"::equals));
        waits.leave(JenkinsRig.ACCOUNT, "INBOX", waiter);
    }

    @Test
    void watchesTheNewMailboxOfAnAccount() throws Exception {
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        FolderWatches registered = FolderWatches.get();
        Waiter waiter = new Waiter();
        registered.join(JenkinsRig.ACCOUNT, "INBOX", waiter);
        Await.until(() -> rig.mail().imapHeard().stream().anyMatch(line -> line.endsWith("IDLE")));
        MailAccount account =
                OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
        OAuthMailConfiguration.get().setWarningsTo("x@contoso.test");
        OAuthMailConfiguration.get().put(account, JenkinsRig.ACCOUNT);
        assertTrue(rig.mail().imapHeard().stream().noneMatch("DONE"::equals), "nothing has changed");
        Endpoint other = rig.mail().imap(Security.STARTTLS);
        account.setImapServer(new MailServer(other.host(), other.port(), other.security()));
        OAuthMailConfiguration.get().put(account, JenkinsRig.ACCOUNT);
        Await.until(() -> rig.mail().imapHeard().stream().anyMatch(line -> line.endsWith("STARTTLS")));
        assertTrue(rig.mail().imapHeard().stream().anyMatch("DONE"::equals), "the old mailbox is still watched");
        registered.leave(JenkinsRig.ACCOUNT, "INBOX", waiter);
    }

    @Test
    void continuesWithANewTokenAndMissesNothing() throws Exception {
        rig.entra().accessTokenLife(Duration.ofMinutes(4)); // too short to be used for another connection
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        Waiter waiter = new Waiter();
        waits.join(JenkinsRig.ACCOUNT, "INBOX", waiter);
        Await.until(() -> rig.mail().idling() > 0);
        rig.entra().expireAccessTokens();
        rig.mail().endIdling("* BYE Session invalidated - AccessTokenExpired");
        Await.until(() -> rig.mail().idling() == 0);
        byte[] raw = "Subject: in between\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII);
        rig.mail().deliver(JenkinsRig.ADDRESS, "INBOX", raw, Instant.now(), new Flags());
        waits.authorized(JenkinsRig.ACCOUNT); // it would do that by itself after a pause of some seconds
        do {
            waiter.looks.acquire(); // one from before may be late
        } while (tokens() < 2);
        assertEquals(0, waiter.failures.availablePermits());
        assertEquals(2, rig.mail().imapConnections());
        Map<String, Object> query = Map.of("account", JenkinsRig.ACCOUNT, "subject", "in between");
        assertEquals(1, rig.read(query).size());
        waits.leave(JenkinsRig.ACCOUNT, "INBOX", waiter);
    }

    /** How many different ones were used to log in. */
    private long tokens() {
        return rig.mail().imapHeard().stream()
                .filter(line -> line.contains("AUTHENTICATE XOAUTH2 "))
                .map(line -> line.replaceFirst(".* ", ""))
                .distinct()
                .count();
    }

    @Test
    void oneFailureDoesNotStopOthers() throws Exception {
        FolderWatches.Listener broken = new FolderWatches.Listener() {
            @Override
            public void checkForMail(SharedReading shared) {
                throw new IllegalStateException("broken");
            }

            @Override
            public void checkFailed(Throwable unforeseen) {
                throw new IllegalStateException("broken");
            }

            @Override
            public void watchFailed(MailFailure failure) {
                throw new IllegalStateException("broken");
            }
        };
        Waiter waiter = new Waiter();
        waits.join(JenkinsRig.ACCOUNT, "INBOX", broken);
        waits.join(JenkinsRig.ACCOUNT, "INBOX", waiter);
        waiter.looks.acquire();
        waiter.failures.acquire();
        assertTrue(waiter.failure.getMessage().contains("press Authorize"), waiter.failure.getMessage());
        waits.leave(JenkinsRig.ACCOUNT, "INBOX", broken);
        waits.leave(JenkinsRig.ACCOUNT, "INBOX", waiter);
    }

    private static final class Waiter implements FolderWatches.Listener {
        private final Semaphore looks = new Semaphore(0);
        private final Semaphore failures = new Semaphore(0);
        private volatile MailFailure failure;

        @Override
        public void checkForMail(SharedReading shared) {
            looks.release();
        }

        @Override
        public void checkFailed(Throwable unforeseen) {
            throw new AssertionError(unforeseen);
        }

        @Override
        public void watchFailed(MailFailure reason) {
            failure = reason;
            failures.release();
        }
    }
}
