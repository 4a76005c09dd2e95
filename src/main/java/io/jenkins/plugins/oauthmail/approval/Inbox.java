package io.jenkins.plugins.oauthmail.approval;

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
    /** How many messages to read at once, as their bodies are held in memory. */
    private static final int AT_ONCE = 10;

    /** How many messages to read at once when nobody knows yet what has been read. */
    private static final int AT_FIRST = 40;

    /** How many batches in one turn, as others wait for theirs. */
    private static final int BATCHES = 20;

    /** Messages are searched for back to this long before the question, as the server's clock may differ. */
    private static final Duration CLOCKS = Duration.ofDays(1);

    /** Remembers the position after which answers will arrive; to be called before anybody is asked. */
    void begin() throws IOException, MailFailure, InterruptedException {
        MailReader reader = JobAccess.reader(account);
        approval.position(watch(() -> reader.arrivals(about(), null)).position().value());
        approval.save();
    }

    /** Reads what is new; returns whether there may be more. */
    boolean check(@NonNull SharedReading shared) throws IOException, MailFailure, InterruptedException {
        Set<MailId> read = new HashSet<>();
        MailReader reader = JobAccess.reader(account);
        String position = approval.position();
        if (position == null) {
            position = first(shared, reader, read);
        }
        boolean more = true;
        for (int batch = 0; more && batch < BATCHES && approval.isOpen(); batch++) {
            FolderPosition after = new FolderPosition(position);
            Arrivals arrivals = watch(() -> shared.arrivals(reader, about(), after, id -> true));
            if (arrivals.renumbered()) {
                position = first(shared, reader, read);
                continue;
            }
            arrivals.problems().forEach(problem -> note.accept(Messages.Inbox_unreadable(problem)));
            position = arrivals.position().value();
            count(arrivals.mails(), read, position);
            more = arrivals.more();
        }
        // Nothing to do with what was read, so it is saved with whatever is saved next.
        approval.position(position);
        return more && approval.isOpen();
    }

    /** Nobody knows what has been read, as the server could not be asked before or has renumbered the folder: reads whatever there is about the question, the newest messages first. */
    private String first(SharedReading shared, MailReader reader, Set<MailId> read) throws IOException, MailFailure, InterruptedException {
        String position = watch(() -> shared.arrivals(reader, about(), null, id -> true))
                .position()
                .value();
        MailQuery all = about().toBuilder()
                .since(approval.question().asked().minus(CLOCKS))
                .limit(AT_FIRST)
                .build();
        List<ReceivedMail> mails = new ArrayList<>(
                watch(() -> shared.look(reader, all, null, 0)).read().mails());
        Collections.reverse(mails);
        count(mails, read, position);
        approval.position(position);
        return position;
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

    private void count(List<ReceivedMail> mails, Set<MailId> read, String position) throws IOException {
        List<Answer> advised = new ArrayList<>();
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
                continue;
            }
            Refusal refusal = Objects.requireNonNull(answer.refusal());
            if (approval.record(answer.uncounted(approval, now))) {
                note.accept(Messages.Inbox_uncounted(answer.claimedSender(), refusal.reason(approval)));
            }
            String sender = answer.sender();
            if (sender != null
                    && refusal.advice(approval) != null
                    && approval.mayAnswer(sender, Correspondence.MAX_ANSWERS, Correspondence.MAX_ANSWERS_TO_ALL)) {
                advised.add(answer);
            }
        }
        if (!mails.isEmpty()) {
            // Saved before anybody is told, so that after a crash nobody is told twice.
            approval.position(position);
            approval.save();
        }
        if (!advised.isEmpty()) {
            advise.accept(advised);
        }
    }
}
