package io.jenkins.plugins.oauthmail.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.plugins.credentials.CredentialsScope;
import io.jenkins.inmemory.InMemoryCredentials;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.config.ClientSecret;
import io.jenkins.plugins.oauthmail.config.Grant;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailServer;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is known of an account, and how <i>Test</i> finds it out. */
class AccountTestsTest {
    private static final Map<String, Object> MAIL =
            Map.of("account", JenkinsRig.ACCOUNT, "to", JenkinsRig.ADDRESS, "subject", "s", "body", "b");

    private JenkinsRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private static MailAccount account() {
        return OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
    }

    private static AccountState state() {
        return AccountState.of(account());
    }

    private static AccountTest test() throws Exception {
        AccountTest test = AccountTests.get().start(account(), false, "admin");
        Await.until(() -> !test.isRunning());
        return test;
    }

    /** Makes the account one with the application grant. */
    private void asApplication(String credential) {
        rig.define(new ClientSecret(credential));
        MailAccount account = account();
        account.setGrant(Grant.APPLICATION);
        OAuthMailConfiguration.get().setAccounts(List.of(account));
        rig.entra().grantMailbox(JenkinsRig.CLIENT_ID, JenkinsRig.ADDRESS);
    }

    @Test
    void accountWorksOnlyOnceProven() throws Exception {
        assertEquals(AccountState.Level.NOT_AUTHORIZED, state().level());
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        assertEquals(AccountState.Level.NOT_TESTED, state().level());
        assertNull(state().getWorksSince());
        rig.send(MAIL);
        assertEquals(AccountState.Level.WORKING, state().level());
        assertNotNull(state().getWorksSince());
    }

    @Test
    void successfulTestShowsTheAccountAsWorking() throws Exception {
        asApplication("secret");
        assertEquals(AccountState.Level.NOT_TESTED, state().level());
        AccountTest test = test();
        assertTrue(test.getSummary().good(), test.getSummary().text());
        assertEquals(AccountState.Level.WORKING, state().level());
        assertNull(state().getLastMailAt());
    }

    @Test
    void wrongSecretNeedsAttention() throws Exception {
        rig.jenkins().credentials().add(InMemoryCredentials.secretText(CredentialsScope.SYSTEM, "wrong", "nonsense"));
        asApplication("wrong");
        AccountTest test = test();
        assertFalse(test.getSummary().good());
        assertEquals(AccountState.Level.NEEDS_ATTENTION, state().level());
        assertEquals(1, Problems.at(Instant.now()).size());
    }

    @Test
    void unreachableServerIsNotShownAsWorking() throws Exception {
        asApplication("secret");
        test();
        rig.mail().close();
        assertFalse(test().getSummary().good());
        assertEquals(AccountState.Level.FAILING, state().level());
        assertNotNull(state().detail());
        assertEquals(List.of(), Problems.at(Instant.now()));
    }

    /** Such as a configuration that was edited by hand, or a class of another plugin that is missing. */
    @Test
    void crashedTestIsNoSuccess() throws Exception {
        asApplication("secret");
        account().setSmtpServer(new MailServer("two words", 25, Security.TLS));
        AccountTest test = test();
        assertFalse(test.getSummary().good(), test.getSummary().text());
        assertFalse(test.isMailLeft());
        assertEquals(AccountState.Level.NOT_TESTED, state().level());
    }

    @Test
    void keepsTheLastTestUntilTheSettingsChange() throws Exception {
        asApplication("secret");
        AccountTest test = test();
        assertSame(test, AccountTests.get().find(account()).orElseThrow());
        MailAccount changed = new MailAccount(JenkinsRig.ACCOUNT, JenkinsRig.ADDRESS, JenkinsRig.APPLICATION);
        OAuthMailConfiguration.get().put(changed, JenkinsRig.ACCOUNT);
        assertTrue(AccountTests.get().find(account()).isEmpty());
    }

    @Test
    void forgottenAccountHasNoTest() throws Exception {
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        test();
        AuthorizationStore.get().forget(JenkinsRig.ACCOUNT);
        assertTrue(AccountTests.get().find(account()).isEmpty());
    }

    @Test
    void everyAdministratorSeesAndMayCancelARunningTest() throws Exception {
        asApplication("secret");
        try (var held = rig.entra().hold()) {
            AccountTest first = AccountTests.get().start(account(), false, "admin");
            assertSame(first, AccountTests.get().start(account(), true, "somebody else"));
            assertTrue(first.isRunning());
            assertNull(first.getSummary());
            first.cancel();
            assertFalse(first.isRunning());
            assertTrue(first.isCancelled());
            assertEquals(List.of(), first.getLines());
        }
        assertTrue(test().getSummary().good());
    }

    @Test
    void showsFirstStepsUntilAnAccountWorks() throws Exception {
        MailAccountsPage page = new MailAccountsPage();
        assertEquals("Authorize it", page.setUp(page.getAccounts()).getNext().title());
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        assertEquals("Test it", page.setUp(page.getAccounts()).getNext().title());
        test();
        assertNull(page.setUp(page.getAccounts()));
        OAuthMailConfiguration.get().setAccounts(List.of());
        assertEquals(
                "Add a mail account", page.setUp(page.getAccounts()).getNext().title());
        OAuthMailConfiguration.get().setApplications(List.of());
        assertEquals(
                "Register an application at Microsoft",
                page.setUp(page.getAccounts()).getNext().title());
    }

    /** Where a credential is added, nothing leads back to the steps, so they must say that it is there. */
    @Test
    void knowsThatACredentialWasStoredBeforeThereIsAnApplication() {
        OAuthMailConfiguration.get().setAccounts(List.of());
        OAuthMailConfiguration.get().setApplications(List.of());
        assertTrue(storedIn(new MailAccountsPage()), "that of the rig");
        assertEquals("Add the OAuth application", offered());
        rig.jenkins().credentials().clear();
        assertFalse(storedIn(new MailAccountsPage()));
        assertEquals("Register an application at Microsoft", offered());
        rig.jenkins().credentials().add(InMemoryCredentials.secretText(CredentialsScope.GLOBAL, "open", "a secret"));
        assertFalse(storedIn(new MailAccountsPage()), "any pipeline can use that one");
        rig.jenkins().credentials().add(InMemoryCredentials.secretText(CredentialsScope.SYSTEM, "mail", "a secret"));
        assertTrue(storedIn(new MailAccountsPage()));
    }

    private static String offered() {
        MailAccountsPage page = new MailAccountsPage();
        return page.setUp(page.getAccounts()).getOffered().title();
    }

    private static boolean storedIn(MailAccountsPage page) {
        return page.setUp(page.getAccounts()).getSteps().stream()
                .filter(step -> step.title().equals("Store its client secret or certificate"))
                .findFirst()
                .orElseThrow()
                .done();
    }
}
