package io.jenkins.plugins.oauthmail.steps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.AbortException;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.StreamTaskListener;
import hudson.util.XStream2;
import io.jenkins.inmemory.Binder;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.inmemory.InMemoryRun;
import io.jenkins.inmemory.InMemoryStepContext;
import io.jenkins.plugins.oauthmail.jobs.SentMessageIds;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.mail.ByImapAndSmtp;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers to a mail whose id the server has replaced. */
@OnEveryServer
class RepliesTest {
    private static final String KEPT = "<kept@outlook.test>";
    private static final String FURTHER = "<further@outlook.test>";

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

    private InMemoryStepContext in(InMemoryRun run) {
        return new InMemoryStepContext()
                .with(Run.class, run)
                .with(TaskListener.class, new StreamTaskListener(new ByteArrayOutputStream()));
    }

    private Map<String, Object> send() throws Exception {
        return send("team@contoso.test");
    }

    @SuppressWarnings("unchecked") // as the step documents it
    private Map<String, Object> send(String to) throws Exception {
        return (Map<String, Object>) in(build)
                .run(Binder.bind(
                        OAuthMailSendStep.class,
                        Map.of("account", JenkinsRig.ACCOUNT, "to", to, "subject", "Question")));
    }

    /** The subjects of the answers that a build finds. */
    private List<Object> answers(InMemoryRun run, Object repliesTo, Map<String, Object> more) throws Exception {
        Map<String, Object> arguments = new HashMap<>(more);
        arguments.putAll(Map.of("account", JenkinsRig.ACCOUNT, "repliesTo", repliesTo, "newestFirst", false));
        List<Object> subjects = new ArrayList<>();
        for (Object mail : (List<?>) in(run).run(Binder.bind(OAuthMailReadStep.class, arguments))) {
            subjects.add(((Map<?, ?>) mail).get("subject"));
        }
        return subjects;
    }

    private void answer(String subject, Object id) {
        rig.mail().deliver(JenkinsRig.ADDRESS, "Subject: " + subject + "\r\nIn-Reply-To: " + id + "\r\n\r\nyes\r\n");
    }

    @ByImapAndSmtp
    @ParameterizedTest
    @ValueSource(strings = {"messageId", "requestedMessageId", "both"})
    void eitherIdFindsAllReplies(String given) throws Exception {
        rig.mail().smtpScript().reply(".", "250 2.0.0 OK " + KEPT + " [Hostname=x]");
        Map<String, Object> sent = send();
        assertEquals(KEPT, sent.get("messageId"));
        assertNotEquals(KEPT, sent.get("requestedMessageId"));
        answer("to the kept one", KEPT);
        answer("to the requested one", sent.get("requestedMessageId"));
        answer("to another one", "<other@contoso.test>");
        Object repliesTo =
                given.equals("both") ? List.of(sent.get("messageId"), sent.get("requestedMessageId")) : sent.get(given);
        List<String> both = List.of("to the kept one", "to the requested one");
        assertEquals(both, answers(build, repliesTo, Map.of()));
        assertEquals(both, answers(build, repliesTo, Map.of("waitFor", "1h", "count", 2)));
        InMemoryRun next = build.getParent().build();
        assertEquals(
                given.equals("both") ? 2 : 1, answers(next, repliesTo, Map.of()).size());
    }

    /** The server replaces the id once for each group of recipients, and people reply to theirs. */
    @ByImapAndSmtp
    @ParameterizedTest
    @CsvSource({"too many, messageId", "too many, requestedMessageId", "deferred, messageId", "deferred, other"})
    void eachIdFindsAllRepliesOfAllRecipients(String why, String given) throws Exception {
        if (why.equals("deferred")) {
            rig.mail().smtpScript().reply("RCPT TO:<p1@", "450 4.2.1 greylisted", 1);
        } else {
            rig.mail().smtpTraits().mostRecipients(1);
        }
        rig.mail().smtpScript().reply(".", "250 2.0.0 OK " + KEPT + " [Hostname=x]", 1);
        rig.mail().smtpScript().reply(".", "250 2.0.0 OK " + FURTHER + " [Hostname=x]", 1);
        Map<String, Object> sent = send("p0@contoso.test, p1@contoso.test");
        assertEquals(KEPT, sent.get("messageId"));
        assertEquals(List.of(FURTHER), sent.get("otherMessageIds"));
        answer("of the first", KEPT);
        answer("of the second", FURTHER);
        answer("to the requested one", sent.get("requestedMessageId"));
        List<String> all = List.of("of the first", "of the second", "to the requested one");
        assertEquals(all, answers(build, given.equals("other") ? FURTHER : sent.get(given), Map.of()));
        InMemoryRun next = build.getParent().build();
        assertEquals(
                all, answers(next, List.of(KEPT, FURTHER, String.valueOf(sent.get("requestedMessageId"))), Map.of()));
    }

    /** A build that asks for the replies to one message cannot help how many groups its recipients were sent to in. */
    @Test
    void manyGroupsOfRecipientsAreNotTooManyIds() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int message = 0; message < 20; message++) {
            String name = message + "@outlook.test>";
            ids.add("<kept" + name);
            List<String> others = IntStream.range(0, 400)
                    .mapToObj(i -> "<other" + i + "." + name)
                    .toList();
            SentMessageIds.remember(sent("<kept" + name, "<asked" + name, message == 0 ? others : List.of()), build);
        }
        answer("to the first", "<asked0@outlook.test>");
        answer("of another recipient", "<other0.0@outlook.test>");
        answer("to the last", "<asked19@outlook.test>");
        assertEquals(List.of("to the first", "of another recipient"), answers(build, ids.get(0), Map.of()));
        assertEquals(
                List.of("to the first", "of another recipient"), answers(build, "<asked0@outlook.test>", Map.of()));
        assertEquals(List.of("to the first", "to the last"), answers(build, ids, Map.of()), "they use up the query");
    }

    @Test
    void savesALimitedNumberOfIdsWithTheBuild() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i <= 300; i++) {
            String kept = "<kept" + i + "@outlook.test>";
            ids.add(kept);
            SentMessageIds.remember(sent(kept, "<asked" + i + "@contoso.test>", List.of()), build);
        }
        answer("to the first", "<asked0@contoso.test>");
        answer("to the last", "<asked300@contoso.test>");
        String xml = new XStream2().toXML(build.getAction(SentMessageIds.class));
        InMemoryRun restarted = build.getParent().build();
        restarted.addAction((SentMessageIds) new XStream2().fromXML(xml));
        assertEquals(List.of("to the last"), answers(restarted, List.of(ids.get(0), ids.get(300)), Map.of()));
        assertEquals(List.of("to the last"), answers(restarted, ids.subList(281, 301), Map.of()));
        AbortException refusal =
                assertThrows(AbortException.class, () -> answers(restarted, ids.subList(280, 301), Map.of()));
        assertTrue(refusal.getMessage().startsWith("repliesTo must not contain more than 40"), refusal.getMessage());
    }

    @Test
    void savesNothingIfTheServerKeptTheId() throws Exception {
        Map<String, Object> sent = send();
        assertEquals(sent.get("requestedMessageId"), sent.get("messageId"));
        assertNull(build.getAction(SentMessageIds.class));
        answer("yes", sent.get("messageId"));
        assertEquals(List.of("yes"), answers(build, sent.get("messageId"), Map.of()));
    }

    private static SentMail sent(String kept, String requested, List<String> others) {
        return new SentMail(kept, requested, others, List.of("team@contoso.test"), List.of(), List.of(), 1);
    }
}
