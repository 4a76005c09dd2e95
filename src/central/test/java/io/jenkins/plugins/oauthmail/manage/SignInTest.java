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
import io.jenkins.plugins.oauthmail.demo.Stage;
import io.jenkins.plugins.oauthmail.testing.EntraCall;
import io.jenkins.plugins.oauthmail.testing.EntraPerson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
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
            Map.of("account", Stage.ACCOUNT, "to", Stage.ADDRESS, "subject", "x");

    private Stage stage;

    @BeforeEach
    void open() throws Exception {
        stage = Stage.defined();
        stage.entra().add(EntraPerson.named(STRANGER));
    }

    @AfterEach
    void close() throws Exception {
        stage.close();
    }

    @Test
    void nobodyElseCanBeSignedInAndTheEarlierSignInStays() throws Exception {
        assertTrue(stage.authorizeAs(Stage.ADDRESS).good());
        Authorization before = AuthorizationStore.get().find(Stage.ACCOUNT).orElseThrow();

        Notice refusal = stage.authorizeAs(STRANGER);

        assertFalse(refusal.good());
        assertTrue(refusal.text().contains(STRANGER) && refusal.text().contains(Stage.ADDRESS), refusal.text());
        assertEquals(
                before.getAuthorizedAt(),
                AuthorizationStore.get().find(Stage.ACCOUNT).orElseThrow().getAuthorizedAt());
        assertEquals(List.of(Stage.ADDRESS), stage.send(MAIL).get("accepted"));
    }

    @Test
    void anotherPersonOfTheSameNameIsRefusedUntilTheFirstIsForgotten() throws Exception {
        assertTrue(stage.authorizeAs(Stage.ADDRESS).good());
        stage.entra().add(new EntraPerson(Stage.ADDRESS, "twin", "11111111-2222-3333-4444-555555555555"));
        assertFalse(stage.authorizeAs(Stage.ADDRESS).good());
        AuthorizationStore.get().forget(Stage.ACCOUNT);
        assertTrue(stage.authorizeAs(Stage.ADDRESS).good());
    }

    @Test
    void cancellingSaysWhatToDo() throws Exception {
        Notice refusal = stage.authorizeAs(null);
        assertFalse(refusal.good());
        assertTrue(refusal.text().contains("start the authorization again"), refusal.text());
        assertTrue(AuthorizationStore.get().find(Stage.ACCOUNT).isEmpty());
        assertTrue(stage.authorizeAs(Stage.ADDRESS).good());
        Notice again = stage.authorizeAs(null);
        assertFalse(again.good());
        assertTrue(again.text().endsWith("The earlier authorization stays in force."), again.text());
        assertTrue(AuthorizationStore.get().find(Stage.ACCOUNT).isPresent());
    }

    @Test
    void aRefusalNamesWhatMicrosoftsSupportAsksFor() throws Exception {
        stage.entra()
                .declineNext(
                        "consent_required", "AADSTS90094: Consent. Trace ID: abc-1 Correlation ID: def-2 Timestamp: x");
        Notice refusal = stage.authorizeAs(Stage.ADDRESS);
        assertFalse(refusal.good());
        assertTrue(refusal.text().contains("AADSTS90094"), refusal.text());
        assertTrue(refusal.text().endsWith("(trace id abc-1, correlation id def-2)"), refusal.text());
    }

    @Test
    void aJobIsToldThatTheAccountIsNotAuthorized() {
        AbortException refusal = assertThrows(AbortException.class, () -> stage.send(MAIL));
        assertTrue(refusal.getMessage().contains("must press Authorize"), refusal.getMessage());
    }

    @Test
    void aSignInDoesNotCountForAnotherClientOrPerson() throws Exception {
        assertTrue(stage.authorizeAs(Stage.ADDRESS).good());
        MailAccount changed = new MailAccount(Stage.ACCOUNT, Stage.ADDRESS, Stage.APPLICATION);
        changed.setSignsInAs(STRANGER);
        OAuthMailConfiguration.get().put(changed, Stage.ACCOUNT);
        assertThrows(AbortException.class, () -> stage.send(MAIL));
    }

    @Test
    void aSignInForAnotherMailResourceHasToBeMadeAgain() throws Exception {
        assertTrue(stage.authorizeAs(Stage.ADDRESS).good());
        useMailResource("https://mail.example.test");

        AccountState before = state();
        assertEquals(AccountState.Level.NEEDS_ATTENTION, before.getLevel());
        assertTrue(before.getDetail().contains("had another mail resource"), before.getDetail());
        for (Callable<?> job :
                List.<Callable<?>>of(() -> stage.send(MAIL), () -> stage.read(Map.of("account", Stage.ACCOUNT)))) {
            AbortException refusal = assertThrows(AbortException.class, job::call);
            assertTrue(refusal.getMessage().contains("had another mail resource"), refusal.getMessage());
            assertTrue(refusal.getMessage().contains("must press Re-authorize"), refusal.getMessage());
        }

        assertTrue(stage.authorizeAs(Stage.ADDRESS).good());
        assertEquals(
                Set.of("https://mail.example.test/SMTP.Send", "https://mail.example.test/IMAP.AccessAsUser.All"),
                AuthorizationStore.get().find(Stage.ACCOUNT).orElseThrow().getScopes());
        assertEquals(AccountState.Level.WORKING, state().getLevel());
        assertEquals(List.of(Stage.ADDRESS), stage.send(MAIL).get("accepted"));
        assertEquals(1, stage.read(Map.of("account", Stage.ACCOUNT)).size());
    }

    @Test
    void anApplicationsOwnTokenIsForTheMailResourceAsItIsNow() throws Exception {
        stage.entra().grantMailbox(Stage.CLIENT_ID, Stage.ADDRESS);
        MailAccount account =
                OAuthMailConfiguration.get().account(Stage.ACCOUNT).orElseThrow();
        account.setGrant(Grant.APPLICATION);
        OAuthMailConfiguration.get().put(account, Stage.ACCOUNT);
        stage.send(MAIL);
        assertEquals("https://outlook.office365.com/.default", lastScope());

        useMailResource("https://mail.example.test");
        stage.send(MAIL);
        assertEquals("https://mail.example.test/.default", lastScope());
        assertEquals(2, stage.mail().smtpConnections(), "a connection of the old token was used");
    }

    private String lastScope() {
        List<EntraCall> calls = stage.entra().calls();
        return calls.get(calls.size() - 1).scope().replaceAll(" ?(openid|profile|offline_access) ?", "");
    }

    private static void useMailResource(String resource) {
        OAuthApplication application =
                OAuthMailConfiguration.get().application(Stage.APPLICATION).orElseThrow();
        application.setMailResource(resource);
        OAuthMailConfiguration.get().put(application, Stage.APPLICATION);
    }

    private static AccountState state() {
        return AccountState.of(
                OAuthMailConfiguration.get().account(Stage.ACCOUNT).orElseThrow(), Instant.now());
    }

    @Test
    void aJobThatMayNotReadIsRefusedByName() throws Exception {
        assertTrue(stage.authorizeAs(Stage.ADDRESS).good());
        MailAccount changed =
                OAuthMailConfiguration.get().account(Stage.ACCOUNT).orElseThrow();
        changed.setMayRead("other/**");
        OAuthMailConfiguration.get().put(changed, Stage.ACCOUNT);
        AbortException refusal = assertThrows(AbortException.class, () -> stage.read(Map.of("account", Stage.ACCOUNT)));
        assertTrue(refusal.getMessage().contains("that the job demo/pipeline may read"), refusal.getMessage());
        AbortException unknown = assertThrows(AbortException.class, () -> stage.read(Map.of("account", "nope")));
        assertEquals(
                unknown.getMessage().replace("nope", Stage.ACCOUNT),
                refusal.getMessage(),
                "a job could find out which accounts there are");
    }

    @Test
    void attachmentsStayInsideTheWorkspace() throws Exception {
        assertTrue(stage.authorizeAs(Stage.ADDRESS).good());
        Path outside = Files.writeString(stage.home().resolve("secret.txt"), "outside");
        Files.createSymbolicLink(stage.workspace().resolve("link.txt"), outside);
        for (String attachment : List.of("../secret.txt", outside.toString(), "link.txt", "missing.txt")) {
            AbortException refusal = assertThrows(
                    AbortException.class,
                    () -> stage.send(Map.of(
                            "account", Stage.ACCOUNT, "to", Stage.ADDRESS, "subject", "x", "attachments", attachment)));
            assertTrue(refusal.getMessage().startsWith("attachments: "), refusal.getMessage());
        }
        assertEquals(List.of(), stage.mail().mails(Stage.ADDRESS, "INBOX"));
    }

    @Test
    void onlyAListedAddressMayStandInFrom() throws Exception {
        assertTrue(stage.authorizeAs(Stage.ADDRESS).good());
        AbortException refusal = assertThrows(
                AbortException.class,
                () -> stage.send(Map.of(
                        "account", Stage.ACCOUNT, "to", Stage.ADDRESS, "subject", "x", "from", "boss@contoso.test")));
        assertTrue(refusal.getMessage().startsWith("from: "), refusal.getMessage());
    }
}
