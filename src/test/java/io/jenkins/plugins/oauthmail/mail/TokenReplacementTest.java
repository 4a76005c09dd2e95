package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.connect.Backoff;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.testing.mail.OnBothServers;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import io.jenkins.plugins.oauthmail.token.TokenSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A token that the mail server refuses is replaced once, whatever it is used for. */
@OnBothServers
@Timeout(60)
class TokenReplacementTest {

    private final MailRig rig = new MailRig();
    private final Provider provider = new Provider();

    @AfterEach
    void stop() {
        rig.close();
    }

    /** Gives the same token until it is told that it was refused. */
    private final class Provider implements TokenSource {
        private final List<String> refused = new ArrayList<>();
        private int number = 1;
        private TokenFailure failure;
        private TokenFailure revoked;

        @Override
        public AccessToken refresh() throws TokenFailure {
            if (revoked != null) {
                throw revoked;
            }
            return token();
        }

        @Override
        public synchronized AccessToken token() throws TokenFailure {
            if (failure != null && number > 1) {
                throw failure;
            }
            return new AccessToken("token-number-" + number, rig.time.now().plusSeconds(3600));
        }

        @Override
        public synchronized void refused(AccessToken token) {
            refused.add(token.value());
            number++;
        }
    }

    private Mailbox mailbox() {
        return new Mailbox(MailRig.USER, rig.server.smtp(Security.NONE), rig.server.imap(Security.NONE), provider, 0);
    }

    private MailSender sender() {
        return new MailSender(mailbox(), new Timeouts(10_000, 10_000, 10_000), rig.time, Backoff.TRIES);
    }

    private MailReader reader() {
        return new MailReader(mailbox(), AuthenticationRule.NONE, 1 << 20, Duration.ofMinutes(1));
    }

    private void onlyTheSecondIsGood() {
        rig.server.accept(MailRig.USER, "token-number-2");
    }

    @Test
    void replacesATokenWhenSending() throws Exception {
        onlyTheSecondIsGood();
        sender().send(new Draft().mail());
        assertEquals(List.of("token-number-1"), provider.refused);
        assertEquals(1, rig.server.mails("dev@example.com", "INBOX").size());
    }

    /** The login went well, and what it is worth shows at the first command. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "530 5.7.57 Client not authenticated to send mail.",
                "535 5.7.3 Authentication unsuccessful",
                "451 4.7.0 Session invalidated - AccessTokenExpired"
            })
    void replacesATokenWhoseLoginIsUseless(String reply) throws Exception {
        rig.server.accept((user, token) -> token.startsWith("token-number-"));
        rig.server.smtpScript().reply("MAIL", reply, 1);
        sender().send(new Draft().mail());
        assertEquals(List.of("token-number-1"), provider.refused);
        assertEquals(1, rig.server.mails("dev@example.com", "INBOX").size());
        assertEquals(List.of(), rig.time.pauses());
        rig.server.smtpScript().reply("MAIL", reply);
        assertThrows(
                MailFailure.class, () -> new MailSender(mailbox(), new Timeouts(10_000, 10_000, 10_000), rig.time, 1)
                        .send(new Draft().mail()));
        assertEquals(3, provider.refused.size(), "once for each mail, and the next one gets another");
    }

    @Test
    void replacesATokenWhenReading() throws Exception {
        onlyTheSecondIsGood();
        reader().read(MailQuery.in("INBOX").build(), null);
        assertEquals(List.of("token-number-1"), provider.refused);
    }

    @Test
    void replacesATokenWhenWatching() throws Exception {
        onlyTheSecondIsGood();
        CountDownLatch news = new CountDownLatch(1);
        MailWatch watch = new MailWatch(mailbox(), "INBOX");
        Thread thread = new Thread(() -> {
            try {
                watch.run(news::countDown);
            } catch (MailFailure | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        news.await();
        watch.close();
        assertEquals(List.of("token-number-1"), provider.refused);
    }

    @Test
    void replacesATokenWhenChecking() throws Exception {
        onlyTheSecondIsGood();
        List<MailboxCheck.Outcome> outcomes = new MailboxCheck(mailbox(), mailbox()).run(outcome -> {});
        assertTrue(outcomes.stream().allMatch(MailboxCheck.Outcome::good), outcomes.toString());
        assertEquals(List.of("token-number-1"), provider.refused);
    }

    @Test
    void replacesATokenOnlyOnce() {
        rig.server.accept(MailRig.USER, "none of them");
        MailFailure smtp = assertThrows(MailFailure.class, () -> sender().send(new Draft().mail()));
        assertEquals(Layer.LOGIN, smtp.layer());
        assertEquals(List.of("token-number-1", "token-number-2"), provider.refused, "and the next mail gets a third");
        MailFailure imap = assertThrows(
                MailFailure.class, () -> reader().read(MailQuery.in("INBOX").build(), null));
        assertEquals(Layer.LOGIN, imap.layer());
        assertEquals(4, provider.refused.size());
    }

    @Test
    void reportsTheProvidersRefusal() {
        rig.server.accept(MailRig.USER, "none of them");
        provider.failure = new TokenFailure(TokenFailure.Kind.SIGN_IN_AGAIN, "The sign-in was revoked.");
        MailFailure failure = assertThrows(MailFailure.class, () -> sender().send(new Draft().mail()));
        assertEquals(Layer.TOKEN, failure.layer());
        assertTrue(failure.getMessage().contains("The sign-in was revoked."), failure.getMessage());
    }

    /** Nobody knows then whether the sign-in was revoked, so that neither it nor permissions may be blamed. */
    @Test
    void blamesNothingIfTheProviderIsUnreachable() {
        rig.server.accept(MailRig.USER, "none of them");
        provider.failure = new TokenFailure(TokenFailure.Kind.UNREACHABLE, "No answer.");
        MailFailure failure = assertThrows(MailFailure.class, () -> sender().send(new Draft().mail()));
        assertEquals(Layer.TOKEN, failure.layer());
        assertTrue(failure.getMessage().contains("refused the login for " + MailRig.USER), failure.getMessage());
        assertTrue(
                failure.getMessage().endsWith(", and no other access token could be requested: No answer."),
                failure.getMessage());
        assertFalse(failure.getMessage().contains("permission"), failure.getMessage());
        assertTrue(failure.passing(), "those who wait for mail go on waiting");
    }

    /** A token at hand says nothing about a sign-in that has been revoked since. */
    @Test
    void checksWithANewToken() throws Exception {
        provider.revoked = new TokenFailure(TokenFailure.Kind.SIGN_IN_AGAIN, "The sign-in was revoked.");
        List<MailboxCheck.Outcome> outcomes = new MailboxCheck(mailbox(), mailbox()).run(outcome -> {});
        assertEquals(1, outcomes.size(), outcomes.toString());
        assertEquals(MailboxCheck.Step.TOKEN, outcomes.get(0).step());
        assertEquals(
                "Token: The sign-in was revoked.", outcomes.get(0).failure().getMessage());
    }

    @Test
    void doesNotLogInAgainWithTheSameToken() {
        rig.server.accept(MailRig.USER, "none of them");
        assertThrows(MailFailure.class, () -> rig.sender().send(new Draft().mail()));
        assertEquals(
                1,
                rig.server.smtpHeard().stream()
                        .filter(line -> line.startsWith("AUTH"))
                        .count());
    }

    @Test
    void busyServerDoesNotDiscardTheToken() {
        rig.server.smtpScript().reply("AUTH", "454 4.7.0 Temporary authentication failure");
        MailSender once = new MailSender(mailbox(), new Timeouts(10_000, 10_000, 10_000), rig.time, 1);
        assertThrows(MailFailure.class, () -> once.send(new Draft().mail()));
        assertEquals(List.of(), provider.refused);
    }
}
