package io.jenkins.plugins.oauthmail.notifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Cause;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.User;
import hudson.tasks.MailAddressResolver;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.inmemory.InMemoryRun;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gets a notification and who does not. */
class RecipientsTest {
    private static final Map<String, String> ADDRESSES = Map.of(
            "anna", "Anna Berg <anna@contoso.test>",
            "bob", "bob@contoso.test",
            "carla", "carla@contoso.test",
            "mallory", "mallory@elsewhere.test",
            "broken", "no@address@contoso.test",
            "suffixless", "suffixless");

    private NotifierRig rig;
    private final InMemoryJobWithHistory job = new InMemoryJobWithHistory();

    @BeforeEach
    void open() throws Exception {
        rig = new NotifierRig();
        rig.notifier.setTo(null);
        for (String person : new String[] {"anna", "bob", "carla", "broken", "nowhere", "suffixless"}) {
            rig.jenkins.jenkins().grant(person, Item.READ);
        }
        rig.jenkins.jenkins().grant("outsider");
        rig.jenkins.jenkins().register(new MailAddressResolver() {
            @Override
            public String findMailAddressFor(User person) {
                return person.getId().equals("outsider") ? "out@contoso.test" : ADDRESSES.get(person.getId());
            }
        });
    }

    /** Made when there is a Jenkins. */
    private static final class InMemoryJobWithHistory {
        private InMemoryJob job;

        /** @param result null if it is still running */
        InMemoryRun next(Result result) {
            if (job == null) {
                job = new InMemoryJob("demo/nightly");
            }
            InMemoryRun build = job.build();
            if (result != null) {
                build.setResult(result);
            }
            return build;
        }
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void committersWithoutAnAccountIfTheirDomainIsListed() throws Exception {
        rig.notifier.setTo(JenkinsRig.ADDRESS);
        rig.notifier.setCommitters(true);
        rig.jenkins.jenkins().register(new MailAddressResolver() {
            @Override
            public String findMailAddressFor(User person) {
                return switch (person.getId()) {
                    case "newcomer" -> "Nina <Newcomer@Contoso.TEST>";
                    case "subdomain" -> "sub@dev.contoso.test";
                    case "lookalike" -> "x@notcontoso.test";
                    default -> null;
                };
            }
        });
        InMemoryRun build = job.next(Result.FAILURE)
                .changed("newcomer", "1", "x")
                .changed("subdomain", "2", "x")
                .changed("lookalike", "3", "x")
                .changed("mallory", "4", "x")
                .changed("outsider", "5", "x");
        String log = rig.run(build);
        assertTrue(log.contains("newcomer does not receive"), log);
        OAuthMailConfiguration.get().setCommitterDomains("fabrikam.test; CONTOSO.test");
        log = rig.run(build);
        assertEquals(List.of(JenkinsRig.ADDRESS, "Nina <Newcomer@Contoso.TEST>"), rig.recipients());
        for (String left : new String[] {"subdomain", "lookalike", "mallory", "outsider"}) {
            assertTrue(log.contains(left + " does not receive"), log);
        }
        OAuthMailConfiguration.get().setCommitterDomains("@contoso.test *.contoso.test contoso");
        assertTrue(rig.run(build).contains("newcomer does not receive"));
    }

    @Test
    void requestorsStartedTheBuildOrItsUpstreamBuild() throws Exception {
        rig.notifier.setRequestor(true);
        InMemoryRun upstream = new InMemoryJob("demo/upstream").build().because(new Cause.UserIdCause("bob"));
        InMemoryRun middle = new InMemoryJob("demo/middle").build().because(new Cause.UpstreamCause(upstream));
        InMemoryRun build = job.next(Result.FAILURE)
                .because(new Cause.UserIdCause("anna"))
                .because(new Cause.UserIdCause(null))
                .because(new Cause.UpstreamCause(middle))
                .changed("carla", "1", "not asked for");
        rig.run(build);
        assertEquals(1, rig.mails("anna@contoso.test"));
        assertEquals(1, rig.mails("bob@contoso.test"));
        assertEquals(0, rig.mails("carla@contoso.test"));
    }

    @Test
    void culpritsAreCommittersSinceTheLastSuccess() throws Exception {
        rig.notifier.setCulprits(true);
        job.next(Result.SUCCESS).changed("anna", "1", "good");
        job.next(Result.FAILURE).changed("bob", "2", "bad");
        rig.run(job.next(Result.FAILURE).changed("carla", "3", "no better"));
        assertEquals(0, rig.mails("anna@contoso.test"));
        assertEquals(1, rig.mails("bob@contoso.test"));
        assertEquals(1, rig.mails("carla@contoso.test"));
    }

    @Test
    void committersOfTheBuildAfterASuccess() throws Exception {
        rig.notifier.setCommitters(true);
        job.next(Result.FAILURE).changed("bob", "1", "bad");
        job.next(Result.SUCCESS).changed("anna", "2", "good");
        rig.run(job.next(Result.FAILURE).changed("carla", "3", "no better").changed("carla", "4", "again"));
        assertEquals(0, rig.mails("bob@contoso.test"));
        assertEquals(0, rig.mails("anna@contoso.test"));
        assertEquals(1, rig.mails("carla@contoso.test"));
    }

    @Test
    void committersSinceTheLastSuccess() throws Exception {
        rig.notifier.setCommitters(true);
        job.next(Result.SUCCESS);
        job.next(Result.UNSTABLE).changed("bob", "1", "shaky");
        job.next(Result.ABORTED).changed("carla", "2", "stopped");
        job.next(null).changed("anna", "3", "still running");
        rig.run(job.next(Result.SUCCESS));
        assertEquals(1, rig.mails("anna@contoso.test"));
        assertEquals(1, rig.mails("bob@contoso.test"));
        assertEquals(1, rig.mails("carla@contoso.test"));
    }

    @Test
    void looksForCommittersInAHundredBuilds() throws Exception {
        rig.notifier.setCommitters(true);
        job.next(Result.FAILURE).changed("anna", "1", "too long ago");
        job.next(Result.FAILURE).changed("bob", "2", "long ago");
        for (int i = 0; i < 98; i++) {
            job.next(Result.FAILURE);
        }
        rig.run(job.next(Result.FAILURE));
        assertEquals(0, rig.mails("anna@contoso.test"));
        assertEquals(1, rig.mails("bob@contoso.test"));
    }

    @Test
    void notifiesEachAddressOnce() throws Exception {
        rig.notifier.setTo("ANNA@contoso.test; bob@contoso.test\r\nBob <bob@contoso.test>");
        rig.notifier.setCulprits(true);
        rig.notifier.setCommitters(true);
        rig.run(job.next(Result.FAILURE).changed("anna", "1", "a").changed("bob", "2", "b"));
        assertEquals(1, rig.mails("anna@contoso.test"));
        assertEquals(1, rig.mails("bob@contoso.test"));
    }

    @Test
    void doesNotNotifyUsersWithoutPermission() throws Exception {
        rig.notifier.setCommitters(true);
        String log = rig.run(job.next(Result.FAILURE)
                .changed("mallory", "1", "anybody can be the author of a commit")
                .changed("outsider", "2", "a user of Jenkins without permission")
                .changed("nowhere", "3", "without an address")
                .changed("broken", "4", "with a wrong one")
                .changed("suffixless", "5", "with the name alone, as Mailer answers without a suffix")
                .changed("anna", "6", "good"));
        assertEquals(0, rig.mails("mallory@elsewhere.test"));
        assertEquals(0, rig.mails("out@contoso.test"));
        assertEquals(1, rig.mails("anna@contoso.test"));
        assertTrue(
                log.contains(
                        "mallory does not receive the notification: not a Jenkins user with permission to read this job"),
                log);
        assertTrue(log.contains("outsider does not receive the notification: not a Jenkins user"), log);
        assertTrue(log.contains("nowhere does not receive the notification: no email address is known"), log);
        assertTrue(log.contains("suffixless does not receive the notification: no email address is known"), log);
        assertTrue(log.contains("broken does not receive the notification: Message: to: "), log);
    }

    @Test
    void noRecipientsIsNoFailure() throws Exception {
        rig.notifier.setCommitters(true);
        rig.notifier.setFailBuild(true);
        String log = rig.run(job.next(Result.FAILURE));
        assertEquals("OAuth Mail: no notification was sent; there are no recipients.", log);
    }
}
