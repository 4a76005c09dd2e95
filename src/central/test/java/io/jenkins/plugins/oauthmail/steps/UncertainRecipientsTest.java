package io.jenkins.plugins.oauthmail.steps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.StreamTaskListener;
import io.jenkins.inmemory.Binder;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.inmemory.InMemoryRun;
import io.jenkins.inmemory.InMemoryStepContext;
import io.jenkins.plugins.oauthmail.jobs.BuildMail;
import io.jenkins.plugins.oauthmail.jobs.BuildMails;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A message of several transactions, of which one ends with a lost connection: nobody is said to have been refused. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class UncertainRecipientsTest {
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private JenkinsRig rig;
    private InMemoryRun build;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        build = new InMemoryJob("demo/pipeline").build();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private Map<?, ?> send(List<String> to) throws Exception {
        return (Map<?, ?>) new InMemoryStepContext()
                .with(Run.class, build)
                .with(TaskListener.class, new StreamTaskListener(log, StandardCharsets.UTF_8))
                .run(Binder.bind(
                        OAuthMailSendStep.class,
                        Map.of(
                                "account",
                                JenkinsRig.ACCOUNT,
                                "to",
                                String.join(",", to),
                                "subject",
                                "Hello",
                                "body",
                                "the body")));
    }

    /** The second transaction is complete at the server; only its answer is lost. */
    private void loseSecondAnswer() {
        rig.mail().smtpScript().before(".", () -> {
            rig.mail().smtpScript().clear();
            rig.mail().smtpScript().drop(".");
            return null;
        });
    }

    private String said() {
        return log.toString(StandardCharsets.UTF_8);
    }

    private static List<String> addresses(Object entries) {
        return ((List<?>) entries)
                .stream().map(entry -> entry.toString().split(" ")[0]).toList();
    }

    private void assertUncertain(Map<?, ?> sent, List<String> addresses) {
        assertEquals(addresses, addresses(sent.get("uncertain")));
        assertTrue(said().contains("the message may or may not have been delivered to " + addresses.get(0)), said());
        assertFalse(said().contains("not delivered"), said());
        BuildMail mail = BuildMails.find(build).getMails().get(0);
        assertEquals("Partly sent", mail.getResult());
        assertTrue(
                mail.getSentence().startsWith("The message may or may not have been delivered to " + addresses.get(0)),
                mail.getSentence());
    }

    @Test
    void greylistedRecipient() throws Exception {
        rig.mail().smtpScript().reply("RCPT TO:<busy@", "450 4.2.1 greylisted", 1);
        loseSecondAnswer();
        Map<?, ?> sent = send(List.of("ann@contoso.test", "busy@contoso.test"));
        assertEquals(List.of("ann@contoso.test"), sent.get("accepted"));
        assertEquals(List.of(), sent.get("refused"));
        assertUncertain(sent, List.of("busy@contoso.test"));
    }

    /** With five at a time; those of the third transaction are not tried. */
    @Test
    void tooManyRecipients() throws Exception {
        rig.mail().smtpTraits().mostRecipients(5);
        loseSecondAnswer();
        List<String> to =
                IntStream.range(0, 12).mapToObj(i -> "p" + i + "@contoso.test").toList();
        Map<?, ?> sent = send(to);
        assertEquals(to.subList(0, 5), sent.get("accepted"));
        assertEquals(to.subList(5, 10), addresses(sent.get("uncertain")));
        assertEquals(to.subList(10, 12), addresses(sent.get("refused")));
        assertTrue(said().contains("p11@contoso.test (not tried any more"), said());
    }
}
