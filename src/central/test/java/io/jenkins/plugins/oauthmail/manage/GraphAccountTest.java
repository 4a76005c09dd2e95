package io.jenkins.plugins.oauthmail.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.AbortException;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.account.MailReaders;
import io.jenkins.plugins.oauthmail.account.MailSenders;
import io.jenkins.plugins.oauthmail.account.Mailboxes;
import io.jenkins.plugins.oauthmail.account.TokenSources;
import io.jenkins.plugins.oauthmail.config.Grant;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.config.Transport;
import io.jenkins.plugins.oauthmail.mail.MailboxCheck;
import io.jenkins.plugins.oauthmail.mail.MailboxCheck.Step;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.VaultFake;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Accounts whose mail is sent and read by Microsoft Graph, and those that change to it. */
class GraphAccountTest {
    private static final Map<String, Object> MAIL =
            Map.of("account", JenkinsRig.ACCOUNT, "to", JenkinsRig.ADDRESS, "subject", "hello", "text", "hi");
    private static final Map<String, Object> READ = Map.of("account", JenkinsRig.ACCOUNT);

    private JenkinsRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        use(Transport.GRAPH);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private static MailAccount account() {
        return OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
    }

    private static void use(Transport transport) {
        MailAccount account = account();
        account.setTransport(transport);
        OAuthMailConfiguration.get().put(account, JenkinsRig.ACCOUNT);
    }

    /** Has the next sign-in cover these scopes, too. */
    private static void consentTo(String scopes) {
        OAuthApplication application =
                OAuthMailConfiguration.get().application(JenkinsRig.APPLICATION).orElseThrow();
        application.setExtraScopes(scopes);
        OAuthMailConfiguration.get().put(application, JenkinsRig.APPLICATION);
    }

    private static AccountState state() {
        return AccountState.of(account());
    }

    @Test
    void sendsAndReadsWithTheSignInOfAPerson() throws Exception {
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        assertEquals(
                Set.of(JenkinsRig.GRAPH + "Mail.Send", JenkinsRig.GRAPH + "Mail.ReadWrite"),
                AuthorizationStore.get().find(JenkinsRig.ACCOUNT).orElseThrow().getScopes());
        assertEquals(List.of(JenkinsRig.ADDRESS), rig.send(MAIL).get("accepted"));
        assertEquals("hello", rig.read(READ).get(0).get("subject"));
        assertEquals(AccountState.Level.WORKING, state().getLevel());
        assertTrue(rig.mail().graph().heard().stream().allMatch(request -> request.matches("[A-Z]+ me/.*")));
        assertEquals(0, rig.mail().smtpConnections());
        assertEquals(0, rig.mail().imapConnections());
    }

    @Test
    void sendsAndReadsWithTheGrantOfAnApplication() throws Exception {
        rig.entra().grantMailbox(JenkinsRig.CLIENT_ID, JenkinsRig.ADDRESS);
        MailAccount account = account();
        account.setGrant(Grant.APPLICATION);
        OAuthMailConfiguration.get().put(account, JenkinsRig.ACCOUNT);
        rig.send(MAIL);
        assertEquals(1, rig.read(READ).size());
        assertTrue(rig.mail().graph().heard().stream()
                .allMatch(request -> request.matches("[A-Z]+ users/" + JenkinsRig.ADDRESS + "/.*")));
        use(Transport.SMTP_IMAP);
        rig.send(MAIL);
        assertEquals(1, rig.mail().smtpConnections());
        assertEquals(2, rig.entra().count("client_credentials"), "a token for each service");
    }

    @Test
    void oneSignInServesBothIfItWasConsentedTo() throws Exception {
        use(Transport.SMTP_IMAP);
        consentTo(JenkinsRig.GRAPH + "Mail.Send " + JenkinsRig.GRAPH + "Mail.ReadWrite");
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        rig.send(MAIL);
        use(Transport.GRAPH);
        assertTrue(state().getDetail().contains("before it was used with Microsoft Graph"), state()::getDetail);
        rig.send(MAIL);
        assertEquals(2, rig.read(READ).size());
        assertEquals(AccountState.Level.WORKING, state().getLevel());
        use(Transport.SMTP_IMAP);
        rig.send(MAIL);
        assertEquals(3, rig.read(READ).size());
        assertEquals(AccountState.Level.WORKING, state().getLevel());
        assertEquals(1, rig.entra().count("authorization_code"));
    }

    /** Without it, nobody can know whether the sign-in covers the other way. */
    @Test
    void missingCredentialAsksForNoNewSignIn() throws Exception {
        use(Transport.SMTP_IMAP);
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        use(Transport.GRAPH);
        VaultFake.instead(rig.jenkins()).becomeWithoutTokens(VaultFake.State.LISTS_NOTHING);
        TokenFailure failure = assertThrows(
                TokenFailure.class,
                () -> TokenSources.get().of(JenkinsRig.ACCOUNT, MailUse.SEND).token());
        assertEquals(TokenFailure.Kind.CREDENTIAL_MISSING, failure.kind());
    }

    @Test
    void asksForANewSignInIfItDoesNotCoverTheOtherWay() throws Exception {
        use(Transport.SMTP_IMAP);
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        use(Transport.GRAPH);
        AbortException refusal = assertThrows(AbortException.class, () -> rig.send(MAIL));
        assertTrue(refusal.getMessage().contains("is now used with Microsoft Graph"), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("must press Re-authorize"), refusal.getMessage());
        assertEquals(AccountState.Level.NEEDS_ATTENTION, state().getLevel());
        assertEquals(0, rig.mail().graph().heard().size(), "a token was sent to the wrong service");
        use(Transport.SMTP_IMAP);
        assertEquals(List.of(JenkinsRig.ADDRESS), rig.send(MAIL).get("accepted"));
        use(Transport.GRAPH);
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        assertEquals(List.of(JenkinsRig.ADDRESS), rig.send(MAIL).get("accepted"));
    }

    /** The token does not contain the permission to make drafts. */
    @Test
    void goesOnSendingWhenJobsAreAllowedToRead() throws Exception {
        MailAccount account = account();
        account.setMayRead(null);
        OAuthMailConfiguration.get().put(account, JenkinsRig.ACCOUNT);
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        rig.mail().graph().refuse("[A-Z]+ me/messages", 99, 403, "ErrorAccessDenied", "Access is denied.");
        account = account();
        account.setMayRead("demo/**");
        OAuthMailConfiguration.get().put(account, JenkinsRig.ACCOUNT);
        assertEquals(List.of(JenkinsRig.ADDRESS), rig.send(MAIL).get("accepted"));
    }

    @Test
    void readingNeedsItsOwnPermission() throws Exception {
        MailAccount account = account();
        account.setMayRead(null);
        OAuthMailConfiguration.get().put(account, JenkinsRig.ACCOUNT);
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        rig.send(MAIL);
        assertEquals(List.of("POST me/sendMail"), rig.mail().graph().heard());
        account = account();
        account.setMayRead("demo/**");
        OAuthMailConfiguration.get().put(account, JenkinsRig.ACCOUNT);
        AbortException refusal = assertThrows(AbortException.class, () -> rig.read(READ));
        assertTrue(refusal.getMessage().contains("was authorized before jobs were allowed to read it"));
    }

    @Test
    void sendersAndReadersAreReplacedWhenTheWayChanges() throws Exception {
        MailAccount account = account();
        Object sender = MailSenders.get().of(account);
        Object reader = MailReaders.get().of(account);
        assertEquals(sender, MailSenders.get().of(account()));
        assertEquals(reader, MailReaders.get().of(account()));
        use(Transport.SMTP_IMAP);
        assertFalse(sender == MailSenders.get().of(account()));
        assertFalse(reader == MailReaders.get().of(account()));
    }

    @Test
    void testsTheLayersOfGraph() throws Exception {
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        assertEquals(
                List.of(Step.TOKEN, Step.GRAPH_CONNECT, Step.GRAPH_LOGIN, Step.GRAPH_FOLDER, Step.SEND, Step.ARRIVAL),
                steps(true));
        rig.mail().graph().refuse("me/mailFolders", 1, 404, "MailboxNotEnabledForRESTAPI", "No mailbox.");
        assertEquals(List.of(Step.TOKEN, Step.GRAPH_CONNECT), steps(false));
        rig.mail().graph().refuse("me/mailFolders/.*/messages", 1, 403, "ErrorAccessDenied", "Denied.");
        assertEquals(List.of(Step.TOKEN, Step.GRAPH_CONNECT, Step.GRAPH_LOGIN), steps(false));
        rig.mail().graph().close();
        assertEquals(List.of(Step.TOKEN), steps(false));
    }

    /** Whoever may only send cannot open any folder. */
    @Test
    void accountThatOnlySendsPassesTheTest() throws Exception {
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        rig.mail().graph().refuse("GET me", 9, 403, "ErrorAccessDenied", "Denied.");
        MailboxCheck check = new MailboxCheck(Mailboxes.open(account(), MailUse.SEND), null);
        assertTrue(check.run(outcome -> {}).stream().allMatch(MailboxCheck.Outcome::good));
    }

    private static List<Step> steps(boolean mail) throws Exception {
        MailboxCheck check =
                new MailboxCheck(Mailboxes.open(account(), MailUse.SEND), Mailboxes.open(account(), MailUse.READ));
        return (mail ? check.runWithMail(outcome -> {}) : check.run(outcome -> {}))
                .stream()
                        .filter(MailboxCheck.Outcome::good)
                        .map(MailboxCheck.Outcome::step)
                        .toList();
    }
}
