package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;

/**
 * What a message that arrived says about a question. Everything in it was written by strangers. It counts if the
 * receiving server vouches for its only sender, whose address was named by the author of the pipeline, it brings back the
 * reference that was given to this person for this question, and the first line of its own text is one of the choices.
 *
 * @param refusal why it does not count; null if it does
 * @param vote the vote if it may count, which {@link Approval#vote} decides; null otherwise
 * @param sender address that the receiving server vouches for; null if it does for none
 */
record Answer(
        @NonNull ReceivedMail mail,
        @CheckForNull Refusal refusal,
        @CheckForNull Vote vote,
        @CheckForNull String sender) {
    private static final int MAX_COMMENT = 4000;

    /** Reads a message, and has its vote counted if there is one. */
    @NonNull
    static Answer to(@NonNull Approval approval, @NonNull ReceivedMail mail, @NonNull Instant now) throws IOException {
        Answer read = read(approval, mail, now);
        Refusal refusal = read.vote == null ? read.refusal : approval.vote(read.vote);
        return new Answer(mail, refusal, refusal == null ? read.vote : null, read.sender);
    }

    private static Answer read(Approval approval, ReceivedMail mail, Instant now) {
        if (mail.automatic()) {
            return refused(mail, Refusal.AUTOMATIC, null);
        }
        if (!mail.authentication().passed() || mail.from().size() != 1) {
            return refused(mail, Refusal.UNAUTHENTICATED, null);
        }
        String sender = mail.from().get(0).address();
        Approver approver = approval.approver(sender);
        if (approver == null) {
            return refused(mail, Refusal.STRANGER, sender);
        }
        Reference reference = Reference.in(mail.subject(), approval.getId());
        if (reference == null || !approver.knows(reference)) {
            return refused(mail, Refusal.WRONG_REFERENCE, sender);
        }
        // An answer that came in time counts even if the controller was down when the time ended.
        Instant received = mail.received();
        if (received != null && received.isAfter(approval.question().deadline())) {
            return refused(mail, Refusal.ENDED, sender);
        }
        if (!approver.isByMail()) {
            return refused(mail, approval.getVote(approver) == null ? Refusal.PROFILE : Refusal.ANSWERED, sender);
        }
        String[] lines = Util.fixNull(mail.replyText()).strip().split("\n", 2);
        String choice = approval.question().choice(lines[0]);
        if (choice == null) {
            // Somebody who has answered may go on writing about it.
            return refused(mail, approval.getVote(approver) == null ? Refusal.NO_CHOICE : Refusal.ANSWERED, sender);
        }
        boolean rejects = choice.equals(approval.question().rejection());
        if (!rejects && approval.question().pageOnly() != null && approval.getVote(approver) == null) {
            return refused(mail, Refusal.PAGE_ONLY, sender);
        }
        String comment = lines.length < 2 ? null : comment(lines[1]);
        return new Answer(
                mail,
                null,
                new Vote(
                                choice,
                                approver.getUser(),
                                approver.getAddress(),
                                Vote.How.MAIL,
                                now.toEpochMilli(),
                                comment,
                                mail.messageId())
                        .giving(
                                rejects
                                        ? GivenValues.NONE
                                        : GivenValues.defaults(
                                                approval.question().parameters())),
                sender);
    }

    private static Answer refused(ReceivedMail mail, Refusal why, String sender) {
        return new Answer(mail, why, null, sender);
    }

    /** A comment for the record: no control characters, and not too long. */
    @CheckForNull
    static String comment(@CheckForNull String text) {
        String comment = Util.fixEmptyAndTrim(OneLine.lines(text));
        return comment == null || comment.length() <= MAX_COMMENT
                ? comment
                : comment.substring(0, comment.offsetByCodePoints(0, comment.codePointCount(0, MAX_COMMENT) - 1)) + "…";
    }

    /** Who claims to have sent it, for the log. */
    @NonNull
    String claimedSender() {
        return mail.from().isEmpty() ? "?" : OneLine.of(mail.from().get(0).address());
    }

    @NonNull
    RejectedAnswer rejected(@NonNull Approval approval, @NonNull Instant now) {
        return new RejectedAnswer(
                claimedSender(),
                mail.messageId(),
                now.toEpochMilli(),
                Objects.requireNonNull(refusal).reason(approval));
    }
}
