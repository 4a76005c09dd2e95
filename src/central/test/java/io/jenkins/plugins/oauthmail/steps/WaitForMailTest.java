package io.jenkins.plugins.oauthmail.steps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.AbortException;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.StreamTaskListener;
import io.jenkins.inmemory.Binder;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.inmemory.InMemoryStepContext;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.account.MailReaders;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.VaultFake;
import io.jenkins.plugins.oauthmail.testing.mail.ByGraph;
import io.jenkins.plugins.oauthmail.testing.mail.ByImapAndSmtp;
import io.jenkins.plugins.oauthmail.testing.mail.OnEveryServer;
import io.jenkins.plugins.oauthmail.testing.mail.ServerKind;
import io.jenkins.plugins.oauthmail.watch.FolderWatches;
import io.jenkins.plugins.oauthmail.watch.SharedReading;
import io.jenkins.plugins.oauthmail.watch.Stopping;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps that wait for mail while the server does what it likes. */
@OnEveryServer
@Timeout(value = 50, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WaitForMailTest {
    private final List<Waiting> steps = new ArrayList<>();
    private JenkinsRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        // In an empty folder there is nothing to search for.
        rig.mail().deliver(JenkinsRig.ADDRESS, "Subject: another one\r\n\r\nx\r\n");
    }

    @AfterEach
    void close() throws Exception {
        for (Waiting step : steps) {
            step.execution().stop(new InterruptedException("the test is over"));
        }
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CAPABILITY", "AUTHENTICATE", "EXAMINE", "SEARCH"})
    void timesOutOnASilentServer(String command) throws Exception {
        silent(command);
        List<Waiting> three = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            three.add(wait(Map.of("waitFor", "1s", "subject", "none", "onTimeout", i == 0 ? "empty" : "fail")));
        }
        awaitHeard(command);
        for (Waiting step : three) {
            AbortException failed = assertThrows(AbortException.class, step.context()::result);
            assertTrue(failed.getMessage().startsWith("waitFor: 1s have passed"), failed.getMessage());
        }
        Await.until(() -> rig.readers() == 0); // the look and the watch end with those who waited
    }

    /** As if it would answer later; it notices when the client goes away. */
    private void silent(String command) {
        if (graph()) {
            rig.mail().graph().silence(request(command));
        } else {
            rig.mail().imapScript().reply(command, "* OK wait");
        }
    }

    private boolean graph() {
        return rig.mail().kind() == ServerKind.GRAPH;
    }

    /** What stands for a command with Microsoft Graph. */
    private static String request(String command) {
        return switch (command) {
            case "SEARCH" -> "/messages \\{.*isRead";
            case "UID STORE" -> "PATCH";
            default -> "mailFolders/inbox";
        };
    }

    private void drop(String command) {
        if (graph()) {
            // A connection that is lost is tried again by the HTTP client.
            rig.mail().graph().refuse(request(command), 1, 502, "BadGateway", "The connection was lost.");
        } else {
            rig.mail().imapScript().drop(command, 1);
        }
    }

    private List<String> heard() {
        return graph() ? rig.mail().graph().heard() : rig.mail().imapHeard();
    }

    private void awaitHeard(String command) throws Exception {
        Pattern expected = Pattern.compile(graph() ? request(command) : command);
        Await.until(() -> heard().stream().anyMatch(expected.asPredicate()));
    }

    @Test
    void abortEndsTheCheck() throws Exception {
        silent("SEARCH");
        Waiting step = wait(Map.of("waitFor", "1h", "subject", "none"));
        awaitHeard("SEARCH");
        step.execution().stop(new InterruptedException("aborted"));
        assertThrows(InterruptedException.class, step.context()::result);
        Await.until(() -> rig.readers() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EXAMINE", "SEARCH"})
    void forgettingTheAccountEndsWaitingAndConnections(String command) throws Exception {
        silent(command);
        Waiting step = wait(Map.of("waitFor", "1h", "subject", "none"));
        awaitHeard(command);
        AuthorizationStore.get().forget(JenkinsRig.ACCOUNT);
        AbortException told = assertThrows(AbortException.class, step.context()::result);
        assertTrue(told.getMessage().contains("press Authorize"), told.getMessage());
        Await.until(() -> rig.readers() == 0);
    }

    /** The connection of the look is lost, and no further mail comes. */
    @Test
    void repeatsAFailedCheckWithoutNewMail() throws Exception {
        drop("SEARCH");
        rig.mail().deliver(JenkinsRig.ADDRESS, "Subject: here already\r\n\r\nx\r\n");
        Waiting step = wait(Map.of("waitFor", "1h", "subject", "here already"));
        List<?> mails = assertInstanceOf(List.class, step.context().result());
        assertEquals("here already", ((Map<?, ?>) mails.get(0)).get("subject"));
        assertTrue(step.log().contains("cannot check for mail at the moment"), step.log());
    }

    /** Once a look has worked, nothing that may pass ends the waiting, whatever the server says it to. */
    @ByImapAndSmtp
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EXAMINE|BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds",
                "EXAMINE|NO Request is throttled. Suggested Backoff Time: 299961 milliseconds",
                "UID SEARCH|NO Server Unavailable. 15",
                "UID SEARCH|NO [UNAVAILABLE] the mailbox is being moved",
                "EXAMINE|NO [INUSE] another process has locked it",
                "EXAMINE|BAD User is authenticated but not connected.",
                "UID SEARCH|BAD User is authenticated but not connected.",
                "FETCH|BAD Session invalidated - AccessTokenExpired",
                "UID SEARCH|BAD Command received in Invalid state.",
                "FETCH|BAD Command received in Invalid state.",
                "UID SEARCH|* BYE Connection closed",
                "EXAMINE|OK EXAMINE completed.",
                "UID SEARCH|OK SEARCH completed.",
            })
    void temporaryFailuresDoNotEndTheWait(String command, String said) throws Exception {
        Waiting step = wait(Map.of("waitFor", "1h", "subject", "the wanted", "unseen", true));
        Await.until(() -> rig.mail().idling() == 1
                && FolderWatches.get().hasLookedWithin(JenkinsRig.ACCOUNT, "INBOX", Duration.ofHours(1)));
        if (said.startsWith("*")) {
            rig.mail().imapScript().replyAndDrop(command, said);
        } else {
            rig.mail().imapScript().reply(command, said);
        }
        // A check that is already under way may still succeed, so it must not find the message.
        String first = command.equals("FETCH") ? "the wanted" : "another";
        rig.mail().deliver(JenkinsRig.ADDRESS, "Subject: " + first + "\r\n\r\nx\r\n");
        Await.until(() -> step.log().contains("cannot check for mail at the moment"));
        rig.mail().imapScript().clear();
        if (!first.equals("the wanted")) {
            rig.mail().deliver(JenkinsRig.ADDRESS, "Subject: the wanted\r\n\r\nx\r\n");
        }
        FolderWatches.get().authorized(JenkinsRig.ACCOUNT);
        List<?> mails = assertInstanceOf(List.class, step.context().result());
        assertEquals("the wanted", ((Map<?, ?>) mails.get(0)).get("subject"));
    }

    @ByGraph
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "429|ApplicationThrottled|Application is over its MailboxConcurrency limit.",
                "503|serviceNotAvailable|The service is temporarily unavailable.",
                "504|UnknownError|The request timed out.",
                "502|BadGateway|The connection to the mailbox was lost.",
                "500|ErrorInternalServerTransientError|An internal server error occurred. Try again later.",
            })
    void temporaryFailuresOfGraphDoNotEndTheWait(int status, String code, String said) throws Exception {
        Waiting step = wait(Map.of("waitFor", "1h", "subject", "the wanted", "unseen", true));
        Await.until(() -> rig.watches() == 1
                && FolderWatches.get().hasLookedWithin(JenkinsRig.ACCOUNT, "INBOX", Duration.ofHours(1)));
        rig.mail().graph().refuse(request("SEARCH"), Integer.MAX_VALUE, status, code, said);
        rig.mail().deliver(JenkinsRig.ADDRESS, "Subject: the wanted\r\n\r\nx\r\n");
        Await.until(() -> step.log().contains("cannot check for mail at the moment"));
        rig.mail().graph().clear();
        FolderWatches.get().authorized(JenkinsRig.ACCOUNT);
        List<?> mails = assertInstanceOf(List.class, step.context().result());
        assertEquals("the wanted", ((Map<?, ?>) mails.get(0)).get("subject"));
    }

    /** Once a check has succeeded, the credential has been there, so it may only be out of reach. */
    @ParameterizedTest
    @CsvSource({"LISTS_NOTHING, There is no credential 'secret'", "THROWS, The credential 'secret' cannot be read"})
    void unavailableVaultDoesNotEndTheWait(VaultFake.State outage, String sentence) throws Exception {
        VaultFake vault = VaultFake.instead(rig.jenkins());
        Waiting step = wait(Map.of("waitFor", "1h", "subject", "the wanted"));
        Await.until(((WaitForMailExecution) step.execution())::hasLooked);
        vault.becomeWithoutTokens(outage);
        checkWithANewToken(step);
        Await.until(() -> step.log().contains(sentence) || step.isOver());
        vault.become(VaultFake.State.AVAILABLE);
        assertFoundAfter(step);
    }

    /** A controller that is killed has not saved that a check succeeded, and providers take a while to start. */
    @Test
    void unavailableVaultDoesNotEndAResumedWait() throws Exception {
        VaultFake vault = VaultFake.instead(rig.jenkins());
        vault.becomeWithoutTokens(VaultFake.State.LISTS_NOTHING);
        Waiting step = begin(Map.of("waitFor", "1h", "subject", "the wanted"), context -> {});
        step.execution().onResume();
        Await.until(() -> step.log().contains("There is no credential 'secret'") || step.isOver());
        vault.become(VaultFake.State.AVAILABLE);
        assertFoundAfter(step);
    }

    @Test
    void missingCredentialFailsAStepThatOnlyBegins() throws Exception {
        VaultFake.instead(rig.jenkins()).becomeWithoutTokens(VaultFake.State.LISTS_NOTHING);
        Waiting step = wait(Map.of("waitFor", "1h", "subject", "none"));
        AbortException failed = assertThrows(AbortException.class, step.context()::result);
        assertTrue(failed.getMessage().contains("There is no credential 'secret'"), failed.getMessage());
    }

    /** Neither the connection of the last check nor that of the watch is used again. */
    private static void checkWithANewToken(Waiting step) {
        MailReaders.get().authorized(JenkinsRig.ACCOUNT);
        FolderWatches.get().authorized(JenkinsRig.ACCOUNT);
        FolderWatches.get().nudge(JenkinsRig.ACCOUNT, "INBOX", (FolderWatches.Listener) step.execution());
    }

    private void assertFoundAfter(Waiting step) throws Exception {
        rig.mail().deliver(JenkinsRig.ADDRESS, "Subject: the wanted\r\n\r\nx\r\n");
        FolderWatches.get().authorized(JenkinsRig.ACCOUNT);
        List<?> mails = assertInstanceOf(List.class, step.context().result());
        assertEquals("the wanted", ((Map<?, ?>) mails.get(0)).get("subject"));
    }

    /** The change is all that is left to do; the mails must not be searched for again. */
    @Test
    void repeatsAFailedChangeWithoutNewMail() throws Exception {
        drop("UID STORE");
        rig.mail().deliver(JenkinsRig.ADDRESS, "Subject: here already\r\n\r\nx\r\n");
        Waiting step = wait(Map.of("waitFor", "1h", "subject", "here already", "markSeen", true));
        assertInstanceOf(List.class, step.context().result());
        assertTrue(step.log().contains("marked as seen"), step.log());
    }

    /** What is about to be changed is saved with the build, which takes seconds on a busy controller. */
    @Test
    void reauthorizationDuringASaveDoesNotBlockTheStep() throws Exception {
        CompletableFuture<CompletableFuture<Void>> saving = new CompletableFuture<>();
        rig.mail().deliver(JenkinsRig.ADDRESS, "Subject: here already\r\n\r\nx\r\n");
        Waiting step = wait(
                Map.of("waitFor", "1h", "subject", "here already", "markSeen", true),
                context -> context.saveSlowly(saving));
        CompletableFuture<Void> saved = saving.get();
        CountDownLatch next = new CountDownLatch(1);
        FolderWatches.Listener other = new FolderWatches.Listener() {
            @Override
            public void checkForMail(SharedReading shared) {
                next.countDown();
            }

            @Override
            public void watchFailed(MailFailure failure) {}

            @Override
            public void checkFailed(Throwable unforeseen) {}
        };
        FolderWatches.get().join(JenkinsRig.ACCOUNT, "INBOX", other);
        FolderWatches.get().authorized(JenkinsRig.ACCOUNT);
        // By now the turn of the step is over, one way or the other.
        next.await();
        FolderWatches.get().leave(JenkinsRig.ACCOUNT, "INBOX", other);
        step.context().saveSlowly(null);
        saved.complete(null);
        assertEquals(1, ((List<?>) step.context().result()).size());
        assertTrue(step.log().contains("marked as seen"), step.log());
    }

    @Test
    void sharesOneReadAmongEqualQueries() throws Exception {
        silent("SEARCH");
        List<Waiting> three = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            three.add(wait(Map.of("waitFor", "1h", "subject", "the same")));
        }
        awaitHeard("SEARCH");
        rig.mail().imapScript().clear();
        rig.mail().graph().clear();
        rig.mail().deliver(JenkinsRig.ADDRESS, "Subject: the same\r\n\r\nx\r\n");
        FolderWatches.get().authorized(JenkinsRig.ACCOUNT);
        for (Waiting step : three) {
            assertEquals(1, ((List<?>) step.context().result()).size());
        }
    }

    /** Perhaps nothing was saved, and what is changed now would be lost to the build. */
    @Test
    void changesNothingWhileTheControllerIsBeingStopped() throws Exception {
        CompletableFuture<CompletableFuture<Void>> saving = new CompletableFuture<>();
        Waiting step = wait(
                Map.of("waitFor", "1h", "subject", "another", "delete", true), context -> context.saveSlowly(saving));
        CompletableFuture<Void> saved = saving.get();
        try (Stopping stopping = new Stopping()) {
            saved.complete(null);
            stopping.awaitEndOf(ReadMailExecution.class);
            assertFalse(step.context().isDone());
            assertEquals(1, rig.mail().mails(JenkinsRig.ADDRESS, "INBOX").size());
            ((WaitForMailExecution) step.execution()).fail(new NoClassDefFoundError("no longer there"));
            assertFalse(step.context().isDone());
        }
        step.context().saveSlowly(null);
        step.execution().onResume();
        assertEquals(1, ((List<?>) step.context().result()).size());
        Await.until(() -> rig.mail().mails(JenkinsRig.ADDRESS, "INBOX").isEmpty());
    }

    private Waiting wait(Map<String, Object> how) throws Exception {
        return wait(how, context -> {});
    }

    private Waiting wait(Map<String, Object> how, Consumer<InMemoryStepContext> first) throws Exception {
        Waiting waiting = begin(how, first);
        waiting.execution().start();
        return waiting;
    }

    private Waiting begin(Map<String, Object> how, Consumer<InMemoryStepContext> first) throws Exception {
        Map<String, Object> arguments = new HashMap<>(how);
        arguments.put("account", JenkinsRig.ACCOUNT);
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        InMemoryStepContext context = new InMemoryStepContext()
                .with(Run.class, new InMemoryJob("demo/pipeline").build())
                .with(TaskListener.class, new StreamTaskListener(log, StandardCharsets.UTF_8));
        StepExecution execution =
                Binder.bind(OAuthMailReadStep.class, arguments).start(context);
        first.accept(context);
        Waiting waiting = new Waiting(execution, context, log);
        steps.add(waiting);
        return waiting;
    }

    private record Waiting(StepExecution execution, InMemoryStepContext context, ByteArrayOutputStream written) {
        String log() {
            return written.toString(StandardCharsets.UTF_8);
        }

        boolean isOver() {
            return ((WaitForMailExecution) execution).isOver();
        }
    }
}
