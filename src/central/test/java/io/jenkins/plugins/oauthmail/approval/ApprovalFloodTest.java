package io.jenkins.plugins.oauthmail.approval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.inmemory.InMemoryJenkins;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.inmemory.InMemoryRun;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailAddress;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand answers, in a folder without a server. */
class ApprovalFloodTest {
    private static final int FLOOD = 10_000;
    private static final String ANNA = "anna@contoso.test";
    private static final String BEN = "ben@contoso.test";

    private final List<ReceivedMail> folder = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private final List<Answer> advised = new ArrayList<>();
    private InMemoryJenkins jenkins;
    private InMemoryRun build;
    private Approval approval;
    private Inbox inbox;
    private String annas;
    private String bens;
    private int reads;

    @BeforeEach
    void ask(@TempDir Path home) throws Exception {
        jenkins = InMemoryJenkins.start(home, "http://localhost:8080/");
        build = new InMemoryJob("demo/deploy").build();
        Approver anna = Approver.named(null, ANNA);
        Approver ben = Approver.named(null, BEN);
        Instant now = Instant.now();
        Question question = new Question(
                Reference.newQuestion(),
                "build-mail",
                "Deploy?",
                null,
                List.of("APPROVE", "REJECT"),
                1,
                now,
                now.plus(Duration.ofHours(1)));
        approval = new Approval(question, List.of(anna, ben), List.of());
        ApprovalAction.of(build).add(approval);
        annas = subject(anna);
        bens = subject(ben);
        approval.position("0");
        inbox = new Inbox(
                approval, new MailAccount("build-mail", "jenkins@contoso.test", "contoso"), log::add, advised::addAll);
    }

    @AfterEach
    void close() {
        jenkins.close();
    }

    private String subject(Approver approver) {
        Reference reference = Reference.to(approval.getId());
        approver.addReference(reference);
        return "Re: " + reference.subject("Deploy?");
    }

    private void add(String from, String subject, String text, boolean vouched, boolean automatic) {
        int number = folder.size() + 1;
        folder.add(new ReceivedMail(
                new MailId("1:" + number),
                "<" + number + "@contoso.test>",
                null,
                List.of(),
                List.of(new MailAddress(null, from)),
                List.of(),
                List.of(),
                List.of(),
                subject,
                null,
                Instant.now(),
                text,
                null,
                text,
                List.of(),
                Map.of(),
                automatic,
                vouched ? ReceivedMail.Authentication.pass("x") : ReceivedMail.Authentication.none("x"),
                List.of(),
                0,
                List.of()));
    }

    /** The server has renumbered the folder, or could not be asked when the question was sent. */
    private class Renumbered implements Inbox.Source {
        @NonNull
        @Override
        public Arrivals arrivals(@NonNull MailQuery query, @CheckForNull FolderPosition after) {
            boolean known = after != null && after.value().startsWith("new");
            return Arrivals.none(new FolderPosition("new" + folder.size()), after != null && !known);
        }

        @NonNull
        @Override
        public List<ReceivedMail> look(@NonNull MailQuery query) throws MailFailure {
            assertTrue(!query.bodies() || query.limit() <= Inbox.AT_ONCE);
            List<ReceivedMail> found = new ArrayList<>(folder);
            if (query.newestFirst()) {
                Collections.reverse(found);
            }
            return found.stream()
                    .filter(mail -> query.from().isEmpty()
                            || query.from().contains(mail.from().get(0).address()))
                    .filter(mail ->
                            !query.authenticated() || mail.authentication().passed())
                    .filter(mail -> query.ids().isEmpty() || query.ids().contains(mail.id()))
                    .limit(query.limit())
                    .toList();
        }
    }

    /** Answers of approvers that do not count, and many messages of strangers that mention the question. */
    private void addManyThatDoNotCount() {
        for (int i = 0; i < 2 * Inbox.AT_ONCE; i++) {
            add(ANNA, annas, "I am away.", true, true);
            add("eve" + i + "@evil.test", "[" + approval.getId() + "]", "x", true, false);
            add(ANNA, annas, "APPROVE", false, false);
        }
    }

    @Test
    void renumberedFolderHidesNoVote() throws Exception {
        addManyThatDoNotCount();
        add(ANNA, annas, "APPROVE", true, false);
        addManyThatDoNotCount();
        assertFalse(inbox.check(new Renumbered()));
        assertEquals("decided", approval.getState());
        assertEquals(ANNA, approval.votes().get(0).getBy());
    }

    @Test
    void saysIfApproversHaveSentTooManyMessages() throws Exception {
        for (int i = 0; i < MailQuery.MAX_LIMIT; i++) {
            add(ANNA, annas, "I am away.", true, true);
        }
        inbox.check(new Renumbered());
        assertTrue(log.contains(Messages.Inbox_tooMany(MailQuery.MAX_LIMIT)));
    }

    /** Whatever was not read must not be taken for read. */
    @Test
    void readsARenumberedFolderAgainAfterAFailure() throws Exception {
        for (int i = 0; i < Inbox.AT_ONCE; i++) {
            add(ANNA, annas, "not APPROVE", true, false);
        }
        add(ANNA, annas, "APPROVE", true, false);
        Renumbered failing = new Renumbered() {
            @Override
            public List<ReceivedMail> look(MailQuery query) throws MailFailure {
                if (query.ids().size() == 1) {
                    throw new MailFailure(MailFailure.Layer.CONNECT, "lost");
                }
                return super.look(query);
            }
        };
        assertThrows(MailFailure.class, () -> inbox.check(failing));
        assertEquals("0", approval.position());
        int advice = advised.size();
        inbox.check(new Renumbered());
        assertEquals("decided", approval.getState());
        assertEquals(Inbox.AT_ONCE, approval.getUncounted().size());
        assertEquals(advice, advised.size(), "nobody is told twice");
    }

    private class Folder implements Inbox.Source {
        @NonNull
        @Override
        public Arrivals arrivals(@NonNull MailQuery query, @CheckForNull FolderPosition after) {
            assertTrue(query.limit() <= Inbox.AT_ONCE);
            reads++;
            int begin = Integer.parseInt(after.value());
            int end = Math.min(folder.size(), begin + query.limit());
            return new Arrivals(
                    folder.subList(begin, end),
                    List.of(),
                    new FolderPosition(String.valueOf(end)),
                    end < folder.size(),
                    false);
        }

        @NonNull
        @Override
        public List<ReceivedMail> look(@NonNull MailQuery query) {
            throw new AssertionError("The position is known.");
        }
    }

    /** Turn by turn, as others wait for theirs; returns how many. */
    private int read() throws Exception {
        int turns = 1;
        while (inbox.check(new Folder())) {
            turns++;
        }
        return turns;
    }

    @Test
    void tenThousandThatDoNotCountHideNothingAndCostLittle() throws Exception {
        for (int i = 0; i < FLOOD; i++) {
            switch (i % 6) {
                case 0 -> add("carl@contoso.test", annas, "APPROVE", true, false);
                case 1 -> add("stranger" + i + "@contoso.test", annas, "APPROVE", true, false);
                case 2 -> add(ANNA, annas, "APPROVE", false, false);
                case 3 -> add(ANNA, annas, "APPROVE", true, true);
                case 4 -> add(BEN, annas, "APPROVE", true, false);
                default -> add(BEN, bens, "not APPROVE", true, false);
            }
        }
        add(ANNA, annas, "APPROVE", true, false);
        int turns = read();
        assertEquals("decided", approval.getState());
        assertEquals(ANNA, approval.votes().get(0).getBy());
        assertEquals(1, approval.votes().size());
        int batches = FLOOD / Inbox.AT_ONCE + 1;
        assertTrue(reads <= batches, reads + " times read");
        assertTrue(turns <= batches / Inbox.BATCHES + 1, turns + " turns");
        assertTrue(build.saves() < 100, build.saves() + " times saved");
        assertEquals(Approval.MAX_UNCOUNTED, approval.getUncounted().size());
        assertEquals(Approval.MAX_UNCOUNTED + 1, log.size());
        assertEquals(Correspondence.MAX_ANSWERS_TO_ALL, advised.size());
        for (Answer answer : advised) {
            String to = answer.sender();
            long count = advised.stream().filter(one -> to.equals(one.sender())).count();
            assertTrue(count <= Correspondence.MAX_ANSWERS, to + " " + count);
            assertTrue(answer.mail().authentication().passed());
        }
    }

    /** Somebody else's last check waits for the end of the turn. */
    @Test
    void turnEndsAfterABatchIfOthersAreInAHurry() throws Exception {
        for (int i = 0; i < 2 * Inbox.AT_ONCE; i++) {
            add("stranger" + i + "@contoso.test", annas, "APPROVE", true, false);
        }
        Folder awaited = new Folder() {
            @Override
            public boolean isAwaited() {
                return true;
            }
        };
        assertTrue(inbox.check(awaited));
        assertEquals(String.valueOf(Inbox.AT_ONCE), approval.position());
        add(ANNA, annas, "APPROVE", true, false);
        assertTrue(inbox.check(awaited));
        assertFalse(inbox.check(awaited));
        assertEquals("decided", approval.getState());
    }

    @Test
    void tenThousandApprovalsAreOneVote() throws Exception {
        approval = new Approval(approval.question(), approval.approvers(), List.of());
        Question one = approval.question();
        Question both = new Question(
                one.id(), one.account(), one.subject(), null, one.choices(), 2, one.asked(), one.deadline());
        approval = new Approval(both, approval.approvers(), List.of());
        ApprovalAction.of(build).add(approval);
        approval.position("0");
        inbox = new Inbox(
                approval, new MailAccount("build-mail", "jenkins@contoso.test", "contoso"), log::add, advised::addAll);
        for (int i = 0; i < FLOOD; i++) {
            add(i % 2 == 0 ? ANNA : ANNA.toUpperCase(Locale.ROOT), annas, "APPROVE", true, false);
        }
        read();
        assertTrue(approval.isOpen());
        assertEquals(1, approval.votes().size());
        assertEquals(Correspondence.MAX_ANSWERS, advised.size());
        add(BEN, bens, "APPROVE", true, false);
        read();
        assertEquals("decided", approval.getState());
    }
}
