package io.jenkins.plugins.oauthmail.approval;

import static io.jenkins.plugins.oauthmail.approval.ApprovalRig.ANNA;
import static io.jenkins.plugins.oauthmail.approval.ApprovalRig.BEN;
import static io.jenkins.plugins.oauthmail.approval.ApprovalRig.CARL;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.AbortException;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.TaskListener;
import hudson.security.ACLContext;
import io.jenkins.plugins.oauthmail.testing.Await;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kohsuke.stapler.verb.POST;
import org.springframework.security.access.AccessDeniedException;

/** Deciding on the page, and both ways at once. */
@Timeout(value = 50, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ApprovalPageTest {
    private ApprovalRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new ApprovalRig();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private String decide(ApprovalRig.Asking build, String user, String choice) throws Exception {
        return rig.decide(build, user, choice, null);
    }

    private boolean mayDecide(ApprovalRig.Asking build, String user) {
        try (ACLContext as = rig.jenkins().jenkins().as(user)) {
            return build.action().mayDecide(build.approval());
        }
    }

    @Test
    void signedInApproverDecides() throws Exception {
        rig.jenkins().jenkins().grant("BEN", Item.READ);
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", "ben"));
        assertTrue(mayDecide(build, "BEN"));
        decide(build, "BEN", "APPROVE");
        Map<String, Object> result = build.result();
        assertEquals("APPROVE", result.get("decision"));
        assertEquals("ben", result.get("by"));
        assertEquals("page", result.get("how"));
        assertEquals("fine", result.get("comment"));
        assertFalse(mayDecide(build, "ben"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"carl", "reader", "anonymous", "SYSTEM", "admin", "ben@contoso.test", "nobody"})
    void othersCannotDecide(String user) throws Exception {
        rig.jenkins().jenkins().grant(user, Item.READ);
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", List.of("ben", ANNA)));
        assertFalse(mayDecide(build, user));
        assertThrows(AccessDeniedException.class, () -> decide(build, user, "APPROVE"));
        assertEquals(List.of(), build.approval().votes());
    }

    /** Everybody can type any address into their own profile. */
    @Test
    void addressInAProfileProvesNothing() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", CARL));
        assertFalse(mayDecide(build, "carl"));
        assertThrows(AccessDeniedException.class, () -> decide(build, "carl", "APPROVE"));
    }

    @Test
    void requiresPermissionToSeeTheBuild() throws Exception {
        rig.jenkins().jenkins().grant("ben");
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", "ben"));
        assertThrows(AccessDeniedException.class, () -> decide(build, "ben", "APPROVE"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MAYBE", "APPROVE REJECT"})
    void acceptsChoicesOnly(String choice) throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", "ben"));
        assertThrows(AccessDeniedException.class, () -> decide(build, "ben", choice));
        assertTrue(build.approval().isOpen());
    }

    @Test
    void groupMembersDecide() throws Exception {
        rig.jenkins().jenkins().join("carl", "release");
        ApprovalRig.Asking build = rig.asked(
                Map.of("approvers", List.of(), "approverGroups", List.of("release", "others"), "required", 1));
        assertFalse(mayDecide(build, "ben"));
        assertThrows(AccessDeniedException.class, () -> decide(build, "ben", "APPROVE"));
        decide(build, "carl", "approve");
        assertEquals("carl", build.result().get("by"));
    }

    @Test
    void nobodyVotesTwice() throws Exception {
        rig.jenkins().jenkins().join("carl", "release");
        rig.jenkins().jenkins().join("ben", "release");
        ApprovalRig.Asking build = rig.asked(
                Map.of("approvers", List.of("ben: " + BEN, CARL, ANNA), "approverGroups", "release", "required", 3));
        rig.reply(rig.question(CARL), CARL, "APPROVE\r\n");
        build.awaitLog(CARL + " answered APPROVE");
        assertThrows(AccessDeniedException.class, () -> decide(build, "carl", "APPROVE"));
        decide(build, "ben", "APPROVE");
        assertTrue(decide(build, "ben", "REJECT").contains("?late="));
        rig.reply(rig.question(BEN), BEN, "REJECT\r\n");
        build.awaitLog("an answer from " + BEN + " was not counted: this approver has already answered.");
        assertEquals(2, build.approval().votes().size());
        assertTrue(build.approval().isOpen());
        rig.reply(rig.question(ANNA), ANNA, "APPROVE\r\n");
        assertEquals(CARL + ", ben, " + ANNA, build.result().get("by"));
        assertEquals("mail, page", build.result().get("how"));
    }

    /** The Git plugin makes the address that a commit claims that of the user, if the user has not entered one. */
    @Test
    void addressInAProfileDoesNotAnswerByMail() throws Exception {
        rig.jenkins().jenkins().grant("twin", Item.READ);
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", "twin", "onReject", "return"));
        MimeMessage question = rig.question(BEN);
        String text = ApprovalParametersTest.content(question);
        assertTrue(text.contains("Sign in to Jenkins to decide. Answers by mail do not count."), text);
        assertTrue(text.contains("/mail-approval/"), text);
        assertFalse(text.contains("mailto:"), text);
        for (String answer : List.of("APPROVE", "REJECT")) {
            rig.reply(question, BEN, answer + "\r\n");
        }
        build.awaitUncounted(2);
        assertEquals(List.of(), build.approval().votes());
        build.awaitLog("was not counted: the address of this approver is only known from the profile in Jenkins");
        String told = ApprovalParametersTest.content(rig.question(BEN, 2));
        assertTrue(told.contains("Please sign in to Jenkins and decide there."), told);
        assertTrue(told.contains("/mail-approval/"), told);
        decide(build, "twin", "REJECT");
        assertEquals("twin", build.result().get("by"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reader: carl@contoso.test", "reader, reader:Carl <carl@contoso.test>"})
    void userIsNamedWithAnAddress(String approvers) throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", approvers));
        assertEquals(1, build.approval().approvers().size());
        assertTrue(mayDecide(build, "reader"));
        rig.reply(rig.question(CARL), CARL, "APPROVE\r\n");
        Map<?, ?> vote = (Map<?, ?>) ((List<?>) build.result().get("votes")).get(0);
        assertEquals("reader", vote.get("user"));
        assertEquals("mail", vote.get("how"));
    }

    /** Or one of them would have both votes. */
    @Test
    void rejectsAnAddressOfTwoApprovers() {
        for (List<String> approvers : List.of(
                List.of("ben", ANNA, "ben: " + ANNA),
                List.of("reader: " + ANNA, ANNA),
                List.of("ben", "reader: " + BEN))) {
            AbortException refused = assertThrows(AbortException.class, () -> rig.ask(Map.of("approvers", approvers))
                    .result());
            assertTrue(refused.getMessage().startsWith("approvers: "), refused.getMessage());
        }
    }

    /** A member of a group could otherwise have a colleague's vote by typing the colleague's address. */
    @Test
    void profileAddressCannotTakeTheVoteOfAnApprover() throws Exception {
        rig.jenkins().jenkins().join("carl", "release");
        rig.jenkins().jenkins().join("admin", "release");
        ApprovalRig.Asking build =
                rig.asked(Map.of("approvers", List.of(CARL), "approverGroups", "release", "required", 2));
        assertFalse(mayDecide(build, "carl"));
        assertThrows(AccessDeniedException.class, () -> decide(build, "carl", "APPROVE"));
        rig.reply(rig.question(CARL), CARL, "REJECT\r\n");
        build.awaitLog(CARL + " answered REJECT");
        assertEquals("rejected", build.approval().getState());
    }

    @Test
    void profileAddressCannotTakeTheVoteOfAMember() throws Exception {
        rig.jenkins().jenkins().grant("twin", Item.READ);
        rig.jenkins().jenkins().join("twin", "release");
        rig.jenkins().jenkins().join("ben", "release");
        ApprovalRig.Asking build =
                rig.asked(Map.of("approvers", List.of(), "approverGroups", "release", "required", 2));
        decide(build, "twin", "APPROVE");
        assertFalse(decide(build, "ben", "REJECT").contains("?late="));
        assertEquals("rejected", build.approval().getState());
    }

    /** Whoever changes the address in the own profile in time could otherwise vote by mail and as a member. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void memberWithAnAddressHasOneVote(boolean known) throws Exception {
        if (known) {
            // As the Git plugin makes one of a commit, if it is set up so.
            rig.jenkins().jenkins().grant(CARL);
        }
        for (String user : List.of("reader", "twin")) {
            rig.jenkins().jenkins().grant(user, Item.READ);
            rig.jenkins().jenkins().join(user, "release");
        }
        ApprovalRig.Asking build =
                rig.asked(Map.of("approvers", List.of(CARL, ANNA), "approverGroups", "release", "required", 2));
        assertTrue(build.approval().isAmbiguous());
        // In truth this is Carl.
        decide(build, "reader", "APPROVE");
        rig.reply(rig.question(CARL), CARL, "APPROVE\r\n");
        build.awaitLog(CARL + " answered APPROVE");
        assertTrue(build.approval().isOpen());
        decide(build, "twin", "APPROVE");
        assertEquals("reader, " + CARL + ", twin", build.result().get("by"));
    }

    @Test
    void usersAndMembersAddUp() throws Exception {
        rig.jenkins().jenkins().join("reader", "release");
        ApprovalRig.Asking build =
                rig.asked(Map.of("approvers", List.of("ben: " + BEN), "approverGroups", "release", "required", 2));
        assertFalse(build.approval().isAmbiguous());
        rig.reply(rig.question(BEN), BEN, "APPROVE\r\n");
        build.awaitLog("ben answered APPROVE");
        decide(build, "reader", "APPROVE");
        assertEquals("ben, reader", build.result().get("by"));
        build.awaitLog("reader answered APPROVE in Jenkins.");
    }

    @Test
    void rejectsAUserWithTheAddressOfAnotherApprover() {
        rig.jenkins().jenkins().grant("twin", Item.READ);
        for (List<String> approvers : List.of(List.of("twin", BEN), List.of(BEN, "twin"))) {
            AbortException refused = assertThrows(AbortException.class, () -> rig.ask(Map.of("approvers", approvers))
                    .result());
            assertTrue(refused.getMessage().contains("is also the address of the user twin"), refused.getMessage());
        }
    }

    @Test
    void simultaneousVotesMakeOneDecision() throws Exception {
        List<String> users = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            users.add("user" + i);
            rig.jenkins().jenkins().grant("user" + i, Item.READ);
        }
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", users, "onReject", "return"));
        ExecutorService pool = Executors.newFixedThreadPool(20);
        List<Callable<String>> all = new ArrayList<>();
        for (String user : users) {
            all.add(() -> decide(build, user, user.hashCode() % 2 == 0 ? "APPROVE" : "REJECT"));
        }
        int counted = 0;
        for (Future<String> one : pool.invokeAll(all)) {
            counted += one.get().contains("?late=") ? 0 : 1;
        }
        pool.shutdown();
        assertEquals(1, counted);
        assertEquals(1, build.approval().votes().size());
        assertEquals(build.approval().votes().get(0).getChoice(), build.result().get("decision"));
    }

    @Test
    void rejectsTwoUsersWithTheSameAddress() {
        rig.jenkins().jenkins().grant("twin", Item.READ);
        AbortException refused =
                assertThrows(AbortException.class, () -> rig.ask(Map.of("approvers", List.of("ben", "twin")))
                        .result());
        assertTrue(refused.getMessage().contains("have the same address"), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nobody-known",
                "a@b@c",
                "x y",
                "<script>",
                "nobody-known: anna@contoso.test",
                "ben: a@b@c",
                ": anna@contoso.test"
            })
    void rejectsUnknownApprovers(String approver) {
        AbortException refused =
                assertThrows(AbortException.class, () -> rig.ask(Map.of("approvers", List.of(approver)))
                        .result());
        assertTrue(refused.getMessage().startsWith("approvers: "), refused.getMessage());
    }

    @Test
    void approverWithoutAddressDecidesOnThePage() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", "reader"));
        build.awaitLog("reader has no email address in Jenkins");
        decide(build, "reader", "APPROVE");
        assertEquals("reader", build.result().get("by"));
    }

    @Test
    void unsavedVoteDoesNotCount() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", "ben"));
        rig.question(BEN);
        build.awaitWaiting();
        build.build.refuseToSave(true);
        assertThrows(IOException.class, () -> decide(build, "ben", "APPROVE"));
        assertTrue(build.approval().isOpen());
        assertEquals(List.of(), build.approval().votes());
        build.build.refuseToSave(false);
        decide(build, "ben", "REJECT");
        assertThrows(AbortException.class, build::result);
    }

    /** The vote does not count if the disk turns out to be full, so nothing may happen because of it before. */
    @Test
    void stepEndsOnlyByAVoteThatIsSaved() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", "ben"));
        rig.question(BEN);
        build.awaitWaiting();
        Approval approval = build.approval();
        build.build.onSave(() -> {
            build.build.onSave(null);
            approval.wakeStep(null);
            assertDoesNotThrow(() -> Await.until(() -> build.context.isDone() || isAwaited(approval)));
            throw new IOException("No space left on device");
        });
        assertThrows(IOException.class, () -> decide(build, "ben", "APPROVE"));
        decide(build, "ben", "REJECT");
        assertThrows(AbortException.class, build::result);
    }

    /** Whether a thread waits to enter a monitor. */
    private static boolean isAwaited(Object monitor) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadState() == Thread.State.BLOCKED)
                .anyMatch(thread -> thread.getLockInfo() != null
                        && thread.getLockInfo().getIdentityHashCode() == System.identityHashCode(monitor));
    }

    /** Such as when no more files can be opened. */
    @ParameterizedTest
    @ValueSource(strings = {"APPROVE", "REJECT"})
    void decisionEndsTheStepDespiteALogFailure(String choice) throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", List.of("ben", ANNA), "onReject", "return"));
        rig.question(ANNA);
        build.awaitWaiting();
        build.context.with(TaskListener.class, new TaskListener() {
            @Override
            public PrintStream getLogger() {
                throw new UncheckedIOException(new IOException("Too many open files"));
            }
        });
        decide(build, "ben", choice);
        assertEquals(choice, build.result().get("decision"));
    }

    /** Looking up approvers may take a while, in which somebody stops the build. */
    @Test
    void leavesNoQuestionOpenThatWasStoppedBeforeItBegan() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch may = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        rig.jenkins().jenkins().grant("slow", Item.READ);
        rig.lookUp("slow", () -> {
            asked.countDown();
            boolean waiting = true;
            while (waiting) {
                try {
                    may.await();
                    waiting = false;
                } catch (InterruptedException e) {
                    // As with a directory service that does not notice.
                    interrupted.set(true);
                }
            }
            if (interrupted.get()) {
                Thread.currentThread().interrupt();
            }
        });
        ApprovalRig.Asking build = rig.ask(Map.of("approvers", "slow"));
        asked.await();
        build.execution.stop(new InterruptedException("somebody stopped it"));
        may.countDown();
        Await.until(() -> !build.action().getApprovals().isEmpty());
        Await.until(() -> build.action().getOpen().isEmpty());
        assertTrue(decide(build, "slow", "APPROVE").contains("?late="));
        assertEquals("aborted", build.approval().getState());
    }

    /** A build that was killed could not end its questions. */
    @Test
    void ignoresVotesAfterTheBuildHasEnded() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", "ben"));
        assertEquals(1, build.action().getOpen().size());
        build.build.setResult(Result.ABORTED);
        assertFalse(mayDecide(build, "ben"));
        assertEquals(List.of(), build.action().getOpen());
        assertTrue(decide(build, "ben", "APPROVE").contains("?late="));
        assertEquals("aborted", build.approval().getState());
        assertEquals(List.of(), build.approval().votes());
    }

    /** Mail scanners open every link. */
    @Test
    void requiresPost() {
        for (Method method : ApprovalAction.class.getMethods()) {
            if (method.getName().startsWith("do")) {
                assertTrue(method.isAnnotationPresent(POST.class), method.toString());
            }
        }
    }
}
