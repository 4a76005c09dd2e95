package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.connect.ConnectionDeadline;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.imap.ImapWire;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.testing.mail.LoginRefusal;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AUTHENTICATE XOAUTH2, and that the token goes nowhere else. */
class ImapLoginTest {

    private final MailRig rig = new MailRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private MailFailure refused() {
        return assertThrows(MailFailure.class, () -> rig.reader().read(MailQuery.inbox(), null));
    }

    private List<String> logins() {
        return rig.server.imapHeard().stream()
                .filter(line -> line.contains("AUTHENTICATE") || line.contains("LOGIN"))
                .collect(Collectors.toList());
    }

    @ParameterizedTest
    @EnumSource(Security.class)
    void logsInWithAnySecurity(Security security) throws Exception {
        rig.server.deliver(MailRig.USER, "Subject: hello\r\n\r\ntext\r\n");
        List<ReceivedMail> mails = rig.reader(security).read(MailQuery.inbox(), null);
        assertEquals("hello", mails.get(0).subject());
        assertEquals(1, rig.server.imapConnections());
    }

    @Test
    void sendsTheTokenInTheSameLineIfTheServerSupportsIt() throws Exception {
        rig.server.accept(MailRig.USER, SmtpLoginTest.LONG.substring(0, 5000));
        rig.token(SmtpLoginTest.LONG.substring(0, 5000)).reader().read(MailQuery.inbox(), null);
        assertEquals(1, logins().size());
        assertTrue(logins().get(0).length() > 5000);
    }

    @Test
    void sendsTheTokenInALineOfItsOwnOtherwise() throws Exception {
        rig.server.accept(MailRig.USER, SmtpLoginTest.LONG);
        rig.server.imapTraits().initialResponse(false);
        rig.token(SmtpLoginTest.LONG).reader().read(MailQuery.inbox(), null);
        assertEquals(1, logins().size());
        assertTrue(logins().get(0).endsWith("AUTHENTICATE XOAUTH2"), logins().toString());
    }

    @Test
    void neverSendsLinesTooLongForServers() throws Exception {
        String token = SmtpLoginTest.LONG + SmtpLoginTest.LONG;
        rig.server.accept(MailRig.USER, token);
        rig.token(token).reader().read(MailQuery.inbox(), null);
        assertTrue(logins().get(0).endsWith("AUTHENTICATE XOAUTH2"), logins().toString());
    }

    @Test
    void triesTwoStepsIfSaslIrFails() throws Exception {
        String token = "t".repeat(1000);
        rig.server.accept(MailRig.USER, token);
        rig.server.imapTraits().longestLine(512);
        rig.token(token).reader().read(MailQuery.inbox(), null);
        assertEquals(2, logins().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"LOGIN PLAIN NTLM", "OAUTHBEARER", "XOAUTH"})
    void neverSendsTheTokenWithoutXoauth2(String offered) {
        rig.server.imapTraits().mechanisms(offered.split(" "));
        MailFailure failure = refused();
        assertEquals(Layer.LOGIN, failure.layer());
        assertTrue(failure.getMessage().contains("does not offer XOAUTH2 logins"), failure.getMessage());
        assertFalse(rig.server.heardToken(MailRig.SHORT));
        assertEquals(List.of(), logins());
    }

    @Test
    void sendsNoLoginCommandWithoutAnyMechanism() {
        rig.server.imapTraits().mechanisms();
        assertEquals(Layer.LOGIN, refused().layer());
        assertFalse(rig.server.heardToken(MailRig.SHORT));
        assertEquals(List.of(), logins());
    }

    @Test
    void disablesAllOtherLoginsOfAngus() throws Exception {
        Endpoint endpoint = rig.server.imap(Security.NONE);
        ImapWire wire = new ImapWire(endpoint, Timeouts.DEFAULT, new ConnectionDeadline());
        assertThrows(ProtocolException.class, () -> wire.login("u", MailRig.SHORT));
        assertThrows(ProtocolException.class, () -> wire.authlogin("u", MailRig.SHORT));
        assertThrows(ProtocolException.class, () -> wire.authplain(null, "u", MailRig.SHORT));
        assertThrows(ProtocolException.class, () -> wire.authntlm(null, "u", MailRig.SHORT));
        assertThrows(ProtocolException.class, () -> wire.authoauth2("u", MailRig.SHORT));
        wire.leave();
        assertFalse(rig.server.heardToken(MailRig.SHORT));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void explainsARefusedTokenWithTheChallenge(boolean oneStep) {
        rig.server.imapTraits().initialResponse(oneStep);
        rig.token("wrong-token");
        MailFailure failure = refused();
        assertEquals(Layer.LOGIN, failure.layer());
        assertTrue(failure.getMessage().contains(LoginRefusal.CHALLENGE), failure.getMessage());
        assertTrue(failure.getMessage().contains("authorize the account again"), failure.getMessage());
        assertFalse(failure.getMessage().contains("wrong-token"));
        assertTrue(rig.server.imapHeard().contains(""), "the challenge wants an empty line");
    }

    @Test
    void explainsARefusedTokenWithoutAChallenge() {
        rig.server.imapTraits().refusal(LoginRefusal.EXCHANGE);
        rig.token("wrong-token");
        MailFailure failure = refused();
        assertEquals(Layer.LOGIN, failure.layer());
        assertTrue(failure.getMessage().contains("\"AUTHENTICATE failed.\""), failure.getMessage());
        assertTrue(failure.getMessage().contains("New-ServicePrincipal"), failure.getMessage());
    }

    @Test
    void reportsATokenOfAnotherMailbox() {
        rig.server.imapScript().reply("EXAMINE", "BAD User is authenticated but not connected.");
        MailFailure failure = refused();
        assertEquals(Layer.PERMISSION, failure.layer());
        assertTrue(failure.getMessage().contains("authenticated but not connected"), failure.getMessage());
        assertTrue(failure.getMessage().contains("full access"), failure.getMessage());
    }

    @Test
    void sendsNothingToRepeatedChallenges() {
        rig.server.imapScript().reply("AUTHENTICATE", "+ \r\n+ \r\n+ \r\n+ \r\n+ \r\n+ ");
        MailFailure failure = refused();
        assertEquals(Layer.CONNECT, failure.layer(), failure.getMessage());
        List<String> heard = rig.server.imapHeard();
        // Whether the server still hears the good-bye is a matter of luck.
        assertTrue(heard.stream().filter(line -> !line.endsWith(" LOGOUT")).count() <= 5, heard.toString());
    }

    @Test
    void doesNotMistakeALostConnectionForARefusal() {
        rig.server.imapScript().drop("AUTHENTICATE");
        MailFailure failure = refused();
        assertEquals(Layer.CONNECT, failure.layer());
        assertTrue(failure.getMessage().contains("lost during the login"), failure.getMessage());
    }

    @Test
    void reportsASessionThatEndsWithItsToken() {
        rig.server.imapScript().replyAndDrop("EXAMINE", "* BYE Session invalidated - AccessTokenExpired");
        MailFailure failure = refused();
        assertEquals(Layer.TOKEN, failure.layer());
        assertTrue(failure.getMessage().contains("try again, which gets a new one"), failure.getMessage());
    }
}
