package io.jenkins.plugins.oauthmail.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.config.ClientSecret;
import io.jenkins.plugins.oauthmail.config.Cloud;
import io.jenkins.plugins.oauthmail.config.Grant;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailServer;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.testing.EntraApplication;
import io.jenkins.plugins.oauthmail.testing.EntraFake;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.mail.MailServerFake;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An account gets another application and another server while its former server is still in use. */
class MovedAccountTest {
    private static final String OTHER_CLIENT = "00001111-aaaa-2222-bbbb-999999999999";

    private final MailServerFake next = new MailServerFake();
    private final List<String> formerServerHeard = new CopyOnWriteArrayList<>();
    private JenkinsRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        next.mailbox(JenkinsRig.ADDRESS);
        rig.entra().grantMailbox(JenkinsRig.CLIENT_ID, JenkinsRig.ADDRESS);
        rig.entra().register(EntraApplication.of(OTHER_CLIENT).withSecrets(JenkinsRig.CLIENT_SECRET));
        rig.entra().grantMailbox(OTHER_CLIENT, JenkinsRig.ADDRESS);
        rig.mail().accept((user, token) -> {
            formerServerHeard.add(token);
            return rig.entra().accepts(user, token);
        });
        save(JenkinsRig.APPLICATION, rig.mail());
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
        next.close();
    }

    private static MailAccount account() {
        return OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
    }

    private void move(boolean toOtherServer) {
        OAuthApplication application =
                new OAuthApplication("other", OTHER_CLIENT, EntraFake.TENANT_ID, new ClientSecret("secret"));
        application.setCloud(Cloud.CUSTOM);
        application.setAuthority(rig.entra().origin());
        OAuthMailConfiguration configuration = OAuthMailConfiguration.get();
        configuration.put(application, configuration.application("other").isPresent() ? "other" : null);
        save("other", toOtherServer ? next : rig.mail());
    }

    private static void save(String application, MailServerFake server) {
        MailAccount account = new MailAccount(JenkinsRig.ACCOUNT, JenkinsRig.ADDRESS, application);
        account.setGrant(Grant.APPLICATION);
        account.setMayRead("**");
        account.setSmtpServer(server(server.smtp(Security.STARTTLS)));
        account.setImapServer(server(server.imap(Security.TLS)));
        OAuthMailConfiguration.get().put(account, JenkinsRig.ACCOUNT);
    }

    private static MailServer server(Endpoint endpoint) {
        return new MailServer(endpoint.host(), endpoint.port(), endpoint.security());
    }

    @Test
    void formerServerGetsNoTokenOfTheOtherApplication() throws Exception {
        rig.mail().smtpScript().reply("MAIL FROM", "451 4.7.0 Later");
        AtomicBoolean moved = new AtomicBoolean();
        MailFailure failure = assertThrows(MailFailure.class, () -> MailSenders.get()
                .of(account())
                .send(
                        OutgoingMail.from(JenkinsRig.ADDRESS)
                                .to(List.of(JenkinsRig.ADDRESS))
                                .subject("subject")
                                .text("text")
                                .build(),
                        notice -> {
                            if (!moved.getAndSet(true)) {
                                move(true);
                            }
                        }));
        assertTrue(failure.getMessage().contains("another server"), failure.getMessage());
        assertFalse(formerServerHeard.isEmpty());
        assertFalse(formerServerHeard.contains(
                TokenSources.get().of(JenkinsRig.ACCOUNT, MailUse.SEND).token().value()));
    }

    @ParameterizedTest
    @EnumSource(MailUse.class)
    void refusesTokensForTheFormerServerOnly(MailUse use) throws Exception {
        Mailbox before = Mailboxes.open(account(), use);
        before.tokens().token();
        move(false);
        assertEquals(
                TokenSources.get().of(JenkinsRig.ACCOUNT, use).token(),
                before.tokens().token(),
                "the server is the same");
        move(true);
        assertThrows(TokenFailure.class, () -> before.tokens().token());
        assertThrows(TokenFailure.class, () -> before.tokens().refresh());
        Mailboxes.open(account(), use).tokens().token();
    }
}
