package io.jenkins.plugins.oauthmail.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.BulkChange;
import hudson.model.Saveable;
import io.jenkins.inmemory.InMemoryDisk;
import io.jenkins.plugins.oauthmail.config.AccountsListener;
import io.jenkins.plugins.oauthmail.config.InvalidConfiguration;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of all that is kept for an account when the account changes. */
class AccountsListenerTest {
    private static final Map<String, Object> MAIL =
            Map.of("account", JenkinsRig.ACCOUNT, "to", JenkinsRig.ADDRESS, "subject", "x", "body", "x");

    private JenkinsRig rig;
    private final Heard heard = new Heard();

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        // Called before the other, which it must not keep from being called.
        rig.jenkins().register(new Broken());
        rig.jenkins().register(heard);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void notifiesOfASignInOnceAndNotOfRenewals() throws Exception {
        authorize();
        assertEquals(List.of("authorized build-mail"), heard.events);
        TokenSources.get().refresh(JenkinsRig.ACCOUNT);
        rig.entra().revokeRefreshTokens();
        assertThrows(Exception.class, () -> TokenSources.get().refresh(JenkinsRig.ACCOUNT));
        assertEquals(1, heard.events.size(), heard.events.toString());
        rig.authorizeAs(null);
        assertEquals(1, heard.events.size(), "a sign-in that was cancelled");
    }

    @Test
    void doesNotNotifyOfAnUnsavedSignIn() throws Exception {
        InMemoryDisk.full(true);
        try {
            assertFalse(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        } finally {
            InMemoryDisk.full(false);
        }
        assertEquals(List.of(), heard.events);
    }

    @Test
    void newSignInClosesConnectionsAndClearsFailures() throws Exception {
        authorize();
        rig.send(MAIL);
        assertEquals(1, rig.mail().smtpClients());
        for (MailUse use : MailUse.values()) {
            AccountActivity.get()
                    .failed(JenkinsRig.ACCOUNT, use, new MailFailure(MailFailure.Layer.LOGIN, "SMTP AUTH is off."));
        }
        authorize();
        Await.until(() -> rig.mail().smtpClients() == 0);
        for (MailUse use : MailUse.values()) {
            assertTrue(AccountActivity.get().trouble(JenkinsRig.ACCOUNT, use).isEmpty());
        }
        assertTrue(AccountActivity.get().last(JenkinsRig.ACCOUNT, MailUse.SEND).isPresent());
    }

    @Test
    void forgettingAnAccountRemovesEverything() throws Exception {
        authorize();
        rig.send(MAIL);
        assertTrue(TokenSources.get().goodUntil(JenkinsRig.ACCOUNT).isPresent());
        heard.events.clear();
        AuthorizationStore.get().forget(JenkinsRig.ACCOUNT);
        assertEquals(List.of("forgotten build-mail"), heard.events);
        Await.until(() -> rig.mail().smtpClients() == 0);
        assertTrue(TokenSources.get().goodUntil(JenkinsRig.ACCOUNT).isEmpty());
        assertTrue(AccountActivity.get().last(JenkinsRig.ACCOUNT, MailUse.SEND).isEmpty());
    }

    @Test
    void reconnectsChangedAccountsAndDropsActivityOfRemovedOnes() throws Exception {
        authorize();
        rig.send(MAIL);
        MailAccount account = account();
        account.setMaximumMegabytes(7);
        OAuthMailConfiguration.get().put(account, JenkinsRig.ACCOUNT);
        Await.until(() -> rig.mail().smtpClients() == 0);
        assertTrue(AccountActivity.get().last(JenkinsRig.ACCOUNT, MailUse.SEND).isPresent());
        OAuthMailConfiguration.get().removeAccount(JenkinsRig.ACCOUNT);
        assertTrue(AccountActivity.get().last(JenkinsRig.ACCOUNT, MailUse.SEND).isEmpty());
    }

    @Test
    void notifiesOfAFormOnce() {
        OAuthMailConfiguration.get().put(account(), JenkinsRig.ACCOUNT);
        assertEquals(List.of("changed"), heard.events);
        OAuthMailConfiguration.get().setWarningsTo("x@contoso.test");
        assertEquals(1, heard.events.size(), "neither applications nor accounts changed");
        assertThrows(
                InvalidConfiguration.class, () -> OAuthMailConfiguration.get().put(account(), null));
        assertThrows(InvalidConfiguration.class, () -> OAuthMailConfiguration.get()
                .removeApplication(JenkinsRig.APPLICATION));
        assertEquals(1, heard.events.size(), "nothing was saved");
    }

    /** As the configuration-as-code plugin sets all fields of whatever is {@link Saveable}. */
    @Test
    void notifiesOfConfigurationAsCodeOnce() throws Exception {
        OAuthMailConfiguration configuration = OAuthMailConfiguration.get();
        try (BulkChange all = new BulkChange(configuration)) {
            configuration.setApplications(configuration.getApplications());
            configuration.setAccounts(configuration.getAccounts());
            configuration.setWarningsTo("x@contoso.test");
            assertEquals(List.of(), heard.events, "nothing was saved yet");
            all.commit();
        }
        assertEquals(List.of("changed"), heard.events);
    }

    @Test
    void callsListenersAsSystemWithoutLock() throws Exception {
        List<Boolean> locked = Collections.synchronizedList(new ArrayList<>());
        List<String> users = Collections.synchronizedList(new ArrayList<>());
        rig.jenkins().register(new AccountsListener() {
            @Override
            public void changed() {
                note();
            }

            @Override
            public void authorized(String accountId) {
                note();
            }

            @Override
            public void forgotten(String accountId) {
                note();
            }

            private void note() {
                locked.add(Thread.holdsLock(OAuthMailConfiguration.get()));
                locked.add(Thread.holdsLock(AuthorizationStore.get()));
                users.add(Jenkins.getAuthentication2().getName());
            }
        });
        OAuthMailConfiguration.get().put(account(), JenkinsRig.ACCOUNT);
        authorize();
        AuthorizationStore.get().forget(JenkinsRig.ACCOUNT);
        assertEquals(List.of("SYSTEM", "SYSTEM", "SYSTEM"), users);
        assertFalse(locked.contains(true));
    }

    private void authorize() throws Exception {
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
    }

    private static MailAccount account() {
        return OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
    }

    private static final class Broken implements AccountsListener {
        @Override
        public void changed() {
            throw new IllegalStateException("changed");
        }

        @Override
        public void authorized(String accountId) {
            throw new IllegalStateException("authorized");
        }

        @Override
        public void forgotten(String accountId) {
            throw new IllegalStateException("forgotten");
        }
    }

    private static final class Heard implements AccountsListener {
        private final List<String> events = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void changed() {
            events.add("changed");
        }

        @Override
        public void authorized(String accountId) {
            events.add("authorized " + accountId);
        }

        @Override
        public void forgotten(String accountId) {
            events.add("forgotten " + accountId);
        }
    }
}
