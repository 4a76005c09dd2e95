package io.jenkins.plugins.oauthmail.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.AbortException;
import io.jenkins.plugins.oauthmail.account.Authorization;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.config.Grant;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.testing.EntraCall;
import io.jenkins.plugins.oauthmail.testing.EntraPerson;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may be signed in for an account, and what a job may do before and after. */
class SignInTest {
    private static final String STRANGER = "mallory@contoso.test";
    private static final Map<String, Object> MAIL =
            Map.of("account", JenkinsRig.ACCOUNT, "to", JenkinsRig.ADDRESS, "subject", "x");

    private JenkinsRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        rig.entra().add(EntraPerson.named(STRANGER));
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void rejectsAnotherPersonAndKeepsTheEarlierSignIn() throws Exception {
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        Authorization before = AuthorizationStore.get().find(JenkinsRig.ACCOUNT).orElseThrow();

        Notice refusal = rig.authorizeAs(STRANGER);

        assertFalse(refusal.good());
        assertTrue(refusal.text().contains(STRANGER) && refusal.text().contains(JenkinsRig.ADDRESS), refusal.text());
        assertEquals(
                before.getAuthorizedAt(),
                AuthorizationStore.get().find(JenkinsRig.ACCOUNT).orElseThrow().getAuthorizedAt());
        assertEquals(List.of(JenkinsRig.ADDRESS), rig.send(MAIL).get("accepted"));
    }

    @Test
    void rejectsAnotherPersonOfTheSameName() throws Exception {
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        rig.entra().add(new EntraPerson(JenkinsRig.ADDRESS, "twin", "11111111-2222-3333-4444-555555555555"));
        assertFalse(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        AuthorizationStore.get().forget(JenkinsRig.ACCOUNT);
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
    }

    @Test
    void explainsACancelledSignIn() throws Exception {
        Notice refusal = rig.authorizeAs(null);
        assertFalse(refusal.good());
        assertTrue(refusal.text().contains("start the authorization again"), refusal.text());
        assertTrue(AuthorizationStore.get().find(JenkinsRig.ACCOUNT).isEmpty());
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        Notice again = rig.authorizeAs(null);
        assertFalse(again.good());
        assertTrue(again.text().endsWith("The earlier authorization stays in force."), again.text());
        assertTrue(AuthorizationStore.get().find(JenkinsRig.ACCOUNT).isPresent());
    }

    @Test
    void reportsIdsForMicrosoftSupport() throws Exception {
        rig.entra()
                .declineNext(
                        "consent_required", "AADSTS90094: Consent. Trace ID: abc-1 Correlation ID: def-2 Timestamp: x");
        Notice refusal = rig.authorizeAs(JenkinsRig.ADDRESS);
        assertFalse(refusal.good());
        assertTrue(refusal.text().contains("AADSTS90094"), refusal.text());
        assertTrue(refusal.text().endsWith("(trace id abc-1, correlation id def-2)"), refusal.text());
    }

    @Test
    void reportsAnUnauthorizedAccountToTheJob() {
        AbortException refusal = assertThrows(AbortException.class, () -> rig.send(MAIL));
        assertTrue(refusal.getMessage().contains("must press Authorize"), refusal.getMessage());
    }

    @Test
    void signInIsBoundToClientAndPerson() throws Exception {
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        MailAccount changed = new MailAccount(JenkinsRig.ACCOUNT, JenkinsRig.ADDRESS, JenkinsRig.APPLICATION);
        changed.setSignsInAs(STRANGER);
        OAuthMailConfiguration.get().put(changed, JenkinsRig.ACCOUNT);
        assertThrows(AbortException.class, () -> rig.send(MAIL));
    }

    @Test
    void changedMailResourceRequiresANewSignIn() throws Exception {
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        useMailResource("https://mail.example.test");

        AccountState before = state();
        assertEquals(AccountState.Level.NEEDS_ATTENTION, before.getLevel());
        assertTrue(before.getDetail().contains("had another mail resource"), before.getDetail());
        for (Callable<?> job :
                List.<Callable<?>>of(() -> rig.send(MAIL), () -> rig.read(Map.of("account", JenkinsRig.ACCOUNT)))) {
            AbortException refusal = assertThrows(AbortException.class, job::call);
            assertTrue(refusal.getMessage().contains("had another mail resource"), refusal.getMessage());
            assertTrue(refusal.getMessage().contains("must press Re-authorize"), refusal.getMessage());
        }

        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        assertEquals(
                Set.of("https://mail.example.test/SMTP.Send", "https://mail.example.test/IMAP.AccessAsUser.All"),
                AuthorizationStore.get().find(JenkinsRig.ACCOUNT).orElseThrow().getScopes());
        assertEquals(AccountState.Level.NOT_TESTED, state().getLevel());
        assertEquals(List.of(JenkinsRig.ADDRESS), rig.send(MAIL).get("accepted"));
        assertEquals(AccountState.Level.WORKING, state().getLevel());
        assertEquals(1, rig.read(Map.of("account", JenkinsRig.ACCOUNT)).size());
    }

    @Test
    void requestsApplicationTokensForTheCurrentMailResource() throws Exception {
        rig.entra().grantMailbox(JenkinsRig.CLIENT_ID, JenkinsRig.ADDRESS);
        MailAccount account =
                OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
        account.setGrant(Grant.APPLICATION);
        OAuthMailConfiguration.get().put(account, JenkinsRig.ACCOUNT);
        rig.send(MAIL);
        assertEquals("https://outlook.office365.com/.default", lastScope());

        useMailResource("https://mail.example.test");
        rig.send(MAIL);
        assertEquals("https://mail.example.test/.default", lastScope());
        assertEquals(2, rig.mail().smtpConnections(), "a connection of the old token was used");
    }

    private String lastScope() {
        List<EntraCall> calls = rig.entra().calls();
        return calls.get(calls.size() - 1).scope().replaceAll(" ?(openid|profile|offline_access) ?", "");
    }

    private static void useMailResource(String resource) {
        OAuthApplication application =
                OAuthMailConfiguration.get().application(JenkinsRig.APPLICATION).orElseThrow();
        application.setMailResource(resource);
        OAuthMailConfiguration.get().put(application, JenkinsRig.APPLICATION);
    }

    private static AccountState state() {
        return AccountState.of(
                OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow());
    }

    @Test
    void rejectsAJobThatMayNotRead() throws Exception {
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        MailAccount changed =
                OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
        changed.setMayRead("other/**");
        OAuthMailConfiguration.get().put(changed, JenkinsRig.ACCOUNT);
        AbortException refusal =
                assertThrows(AbortException.class, () -> rig.read(Map.of("account", JenkinsRig.ACCOUNT)));
        assertTrue(refusal.getMessage().contains("that the job demo/pipeline may read"), refusal.getMessage());
        AbortException unknown = assertThrows(AbortException.class, () -> rig.read(Map.of("account", "nope")));
        assertEquals(
                unknown.getMessage().replace("nope", JenkinsRig.ACCOUNT),
                refusal.getMessage(),
                "a job could find out which accounts there are");
    }

    @Test
    void attachmentsStayInsideTheWorkspace() throws Exception {
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        Path outside = Files.writeString(rig.home().resolve("secret.txt"), "outside");
        Files.createSymbolicLink(rig.workspace().resolve("link.txt"), outside);
        for (String attachment : List.of("../secret.txt", outside.toString(), "link.txt", "missing.txt")) {
            AbortException refusal = assertThrows(
                    AbortException.class,
                    () -> rig.send(Map.of(
                            "account",
                            JenkinsRig.ACCOUNT,
                            "to",
                            JenkinsRig.ADDRESS,
                            "subject",
                            "x",
                            "attachments",
                            attachment)));
            assertTrue(refusal.getMessage().startsWith("attachments: "), refusal.getMessage());
        }
        assertEquals(List.of(), rig.mail().mails(JenkinsRig.ADDRESS, "INBOX"));
    }

    @Test
    void allowsOnlyListedSenders() throws Exception {
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        AbortException refusal = assertThrows(
                AbortException.class,
                () -> rig.send(Map.of(
                        "account",
                        JenkinsRig.ACCOUNT,
                        "to",
                        JenkinsRig.ADDRESS,
                        "subject",
                        "x",
                        "from",
                        "boss@contoso.test")));
        assertTrue(refusal.getMessage().startsWith("from: "), refusal.getMessage());
    }
}
