package io.jenkins.plugins.oauthmail.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.AbortException;
import io.jenkins.plugins.oauthmail.config.Grant;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.mail.MailboxCheck;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A right that is granted while Jenkins runs works with the next mail, as only a new token knows of it. */
class RegrantedTest {
    private static final Map<String, Object> MAIL =
            Map.of("account", JenkinsRig.ACCOUNT, "to", JenkinsRig.ADDRESS, "subject", "x");

    private JenkinsRig rig;
    private final Set<String> withoutTheRight = ConcurrentHashMap.newKeySet();
    private volatile boolean granted;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        rig.mail().accept((user, token) -> {
            if (!granted) {
                withoutTheRight.add(token);
            }
            return granted && !withoutTheRight.contains(token);
        });
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private MailAccount account(Grant grant) {
        MailAccount account =
                OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
        account.setGrant(grant);
        return account;
    }

    private int requests(Grant grant) {
        return rig.entra().count(grant == Grant.DELEGATED ? "refresh_token" : "client_credentials");
    }

    @ParameterizedTest
    @EnumSource(Grant.class)
    void nextMessageIsSent(Grant grant) throws Exception {
        account(grant);
        assertThrows(AbortException.class, () -> rig.send(MAIL));
        granted = true;
        int before = requests(grant);
        rig.send(MAIL);
        rig.send(MAIL);
        assertEquals(1, requests(grant) - before);
    }

    @ParameterizedTest
    @EnumSource(Grant.class)
    void nextTestSucceeds(Grant grant) throws Exception {
        MailAccount account = account(grant);
        assertThrows(AbortException.class, () -> rig.send(MAIL));
        granted = true;
        List<MailboxCheck.Outcome> outcomes =
                new MailboxCheck(Mailboxes.open(account, MailUse.SEND), null).run(outcome -> {});
        assertTrue(outcomes.stream().allMatch(MailboxCheck.Outcome::good), outcomes.toString());
    }

    @ParameterizedTest
    @EnumSource(Grant.class)
    void manyBuildsRequestOneToken(Grant grant) throws Exception {
        account(grant);
        assertThrows(AbortException.class, () -> rig.send(MAIL));
        granted = true;
        int before = requests(grant);
        var builds = Executors.newFixedThreadPool(8);
        try {
            List<Future<Object>> sent = IntStream.range(0, 8)
                    .mapToObj(i -> builds.submit(() -> (Object) rig.send(MAIL)))
                    .toList();
            for (Future<Object> one : sent) {
                one.get();
            }
        } finally {
            builds.shutdownNow();
        }
        assertEquals(1, requests(grant) - before);
    }

    @Test
    void revokedSignInFailsAtTheToken() throws Exception {
        granted = true;
        rig.send(MAIL);
        rig.entra().revokeRefreshTokens();
        List<MailboxCheck.Outcome> outcomes =
                new MailboxCheck(Mailboxes.open(account(Grant.DELEGATED), MailUse.SEND), null).run(outcome -> {});
        assertEquals(1, outcomes.size(), outcomes.toString());
        String message = outcomes.get(0).failure().getMessage();
        assertTrue(message.startsWith("Token: The sign-in was revoked"), message);
    }

    @ParameterizedTest
    @EnumSource(Grant.class)
    void savingRequestsANewToken(Grant grant) throws Exception {
        MailAccount account = account(grant);
        AccessToken first = token();
        assertEquals(first, token());
        OAuthMailConfiguration.get().setAccounts(List.of(account));
        AccessToken second = token();
        assertNotEquals(first.value(), second.value());
        assertEquals(second, token());
        OAuthMailConfiguration.get()
                .setApplications(OAuthMailConfiguration.get().getApplications());
        assertNotEquals(second.value(), token().value());
    }

    private static AccessToken token() throws Exception {
        return TokenSources.get().of(JenkinsRig.ACCOUNT, MailUse.SEND).token();
    }
}
