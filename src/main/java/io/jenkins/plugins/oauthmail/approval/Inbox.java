package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.account.AccountActivity;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.jobs.JobAccess;
import io.jenkins.plugins.oauthmail.mail.MailReader;
import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReadResult;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.watch.SharedReading;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Reads what has come in about one question. The server finds it by the first word of the reference, so that a mailbox full
 * of other mail costs nothing, and each message is read once: the position in the folder is saved with the record.
 *
 * @param note writes to the build log
 * @param advise gets the answers whose senders are to be told why they do not count
 */
record Inbox(
        @NonNull Approval approval,
        @NonNull MailAccount account,
        @NonNull Consumer<String> note,
        @NonNull Consumer<List<Answer>> advise) {
    /**
     * How many messages to read at once: as many as their texts are held in memory for, however long each is, so that no
     * answer is cut off because of others.
     */
    static final int AT_ONCE = 15;

    /** How many batches in one turn, as others wait for theirs. */
    static final int BATCHES = 20;

    /** Messages are searched for back to this long before the question, as the server's clock may differ. */
    private static final Duration CLOCKS = Duration.ofDays(1);

    /** Remembers the position after which answers will arrive; to be called before anybody is asked. */
    void begin() throws IOException, MailFailure, InterruptedException {
        MailReader reader = JobAccess.reader(account);
        approval.position(watch(() -> reader.arrivals(about(), null)).position().value());
        approval.save();
    }

    /** Where answers are read from. */
    interface Source {
        /** What has arrived behind a position; null only asks for the position. */
        @NonNull
        Arrivals arrivals(@NonNull MailQuery query, @CheckForNull FolderPosition after)
                throws MailFailure, InterruptedException;

        /** What there is. */
        @NonNull
        List<ReceivedMail> look(@NonNull MailQuery query) throws MailFailure, InterruptedException;

        /** Whether others should get their turn now; see {@link SharedReading#isAwaited}. */
        default boolean isAwaited() {
            return false;
        }
    }

    /**
     * Reads what is new; returns whether there may be more.
     *
     * @param skips decides whether a message that cannot be read is skipped; if not, this fails
     */
    boolean check(@NonNull SharedReading shared, @NonNull Predicate<MailId> skips)
            throws IOException, MailFailure, InterruptedException {
        MailReader reader = JobAccess.reader(account);
        return check(new Source() {
            @NonNull
            @Override
            public Arrivals arrivals(@NonNull MailQuery query, @CheckForNull FolderPosition after)
                    throws MailFailure, InterruptedException {
                return watch(() -> shared.arrivals(reader, query, after, skips));
            }

            @NonNull
            @Override
            public List<ReceivedMail> look(@NonNull MailQuery query) throws MailFailure, InterruptedException {
                ReadResult read =
                        watch(() -> shared.look(reader, query, null, 0)).read();
                skip(read.problems());
                return read.mails();
            }

            @Override
            public boolean isAwaited() {
                return shared.isAwaited();
            }
        });
    }

    /** As {@link #check(SharedReading, Predicate)}. */
    boolean check(@NonNull Source source) throws IOException, MailFailure, InterruptedException {
        Set<MailId> read = new HashSet<>();
        String position = approval.position();
        if (position == null) {
            position = first(source, read);
        }
        boolean more = true;
        for (int batch = 0; more && approval.isOpen() && mayGoOn(batch, source); batch++) {
            Arrivals arrivals = source.arrivals(about(), new FolderPosition(position));
            if (arrivals.renumbered()) {
                position = first(source, read);
                continue;
            }
            skip(arrivals.problems());
            position = arrivals.position().value();
            count(arrivals.mails(), read, position);
            more = arrivals.more();
        }
        // Nothing to do with what was read, so it is saved with whatever is saved next.
        approval.position(position);
        return more && approval.isOpen();
    }

    private static boolean mayGoOn(int batch, Source source) {
        return batch == 0 || batch < BATCHES && !source.isAwaited();
    }

    /**
     * Nobody knows what has been read, as the server could not be asked before or has renumbered the folder: reads all
     * answers that may count, however many messages of others mention the question, and of those the newest, for the
     * record. The position is saved at the end, so that if this fails, it is done again.
     */
    private String first(Source source, Set<MailId> read) throws IOException, MailFailure, InterruptedException {
        String position = source.arrivals(about(), null).position().value();
        MailQuery all = about().toBuilder()
                .since(approval.question().asked().minus(CLOCKS))
                .build();
        List<MailId> answers = answers(source, all);
        for (int begin = 0; begin < answers.size() && approval.isOpen(); begin += AT_ONCE) {
            List<MailId> portion = answers.subList(begin, Math.min(begin + AT_ONCE, answers.size()));
            count(source.look(all.toBuilder().newestFirst(false).ids(portion).build()), read, null);
        }
        List<ReceivedMail> newest = new ArrayList<>(source.look(all));
        Collections.reverse(newest);
        count(newest, read, position);
        return position;
    }

    /** What the receiving server vouches for that approvers have sent it, in order of arrival. */
    private List<MailId> answers(Source source, MailQuery all) throws MailFailure, InterruptedException {
        List<String> senders = approval.approvers().stream()
                .filter(Approver::isByMail)
                .map(Approver::getAddress)
                .toList();
        if (senders.isEmpty()) {
            return List.of();
        }
        // Without bodies, as there may be many.
        List<ReceivedMail> mails = source.look(all.toBuilder()
                .from(senders)
                .authenticated(true)
                .bodies(false)
                .newestFirst(false)
                .limit(MailQuery.MAX_LIMIT)
                .build());
        if (mails.size() == MailQuery.MAX_LIMIT) {
            note.accept(Messages.Inbox_tooMany(MailQuery.MAX_LIMIT));
        }
        return mails.stream().map(ReceivedMail::id).toList();
    }

    /** Nobody knows whose messages these are, and what they say. */
    private void skip(List<String> problems) {
        for (String problem : problems) {
            note.accept(Messages.Inbox_unreadable(problem));
            approval.skipped(problem);
        }
    }

    private <T> T watch(AccountActivity.Work<T> work) throws MailFailure, InterruptedException {
        return AccountActivity.get().watch(account.getId(), MailUse.READ, work);
    }

    private MailQuery about() {
        return MailQuery.in(MailQuery.INBOX)
                .subject(approval.getId())
                .limit(AT_ONCE)
                .build();
    }

    /** @param position how far the folder has been read with these messages; null if that is not known yet */
    private void count(List<ReceivedMail> mails, Set<MailId> read, @CheckForNull String position) throws IOException {
        List<Answer> advised = new ArrayList<>();
        boolean changed = false;
        for (ReceivedMail mail : mails) {
            // What arrives during the first reading is found by the second one, too.
            if (!read.add(mail.id()) || approval.hasCounted(mail.messageId())) {
                continue;
            }
            Instant now = Instant.now();
            Answer answer = Answer.to(approval, mail, now);
            Vote vote = answer.vote();
            if (vote != null) {
                note.accept(Messages.Inbox_counted(vote.getBy(), vote.getChoice() + vote.valuesShown()));
                changed = true;
                continue;
            }
            Refusal refusal = Objects.requireNonNull(answer.refusal());
            RejectedAnswer rejected = answer.rejected(approval, now);
            if (approval.hasRecorded(rejected, refusal)) {
                // As with what counts, some are read again.
                continue;
            }
            if (approval.record(rejected)) {
                note.accept(Messages.Inbox_uncounted(answer.claimedSender(), refusal.reason(approval)));
                changed = true;
            }
            String sender = answer.sender();
            if (sender != null
                    && refusal.advice(approval) != null
                    && approval.mayAnswer(sender, Correspondence.MAX_ANSWERS, Correspondence.MAX_ANSWERS_TO_ALL)) {
                advised.add(answer);
                changed = true;
            }
        }
        if (position != null) {
            approval.position(position);
        }
        if (changed) {
            // Saved before anybody is told, so that after a crash nobody is told twice. A flood of messages that change
            // nothing does not have the build saved over and over; after a crash they are read again.
            approval.save();
        }
        if (!advised.isEmpty()) {
            advise.accept(advised);
        }
    }
}
