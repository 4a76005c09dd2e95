package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.oauthmail.account.ActivitySource;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.jobs.BoundSecrets;
import io.jenkins.plugins.oauthmail.jobs.DraftHeaders;
import io.jenkins.plugins.oauthmail.jobs.JobAccess;
import io.jenkins.plugins.oauthmail.jobs.MailDraft;
import io.jenkins.plugins.oauthmail.jobs.MailOrigin;
import io.jenkins.plugins.oauthmail.jobs.ReferenceSecrets;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.MessageId;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * What a question sends: itself, reminders, short replies to people whose answers do not count, and how it ended. Secrets of
 * references reach nobody but their owners, not even the build log.
 */
final class Correspondence {
    private static final Logger LOGGER = Logger.getLogger(Correspondence.class.getName());

    /** How many short answers one address gets at most, so that two robots do not write to each other for ever. */
    static final int MAX_ANSWERS = 3;

    /** How many short answers a question sends at most. */
    static final int MAX_ANSWERS_TO_ALL = 30;

    /**
     * What to attach.
     *
     * @param patterns null for nothing
     * @param workspace null if there is none
     */
    record Files(
            @CheckForNull String patterns, @CheckForNull FilePath workspace) {
        static final Files NONE = new Files(null, null);
    }

    /**
     * A question that did not reach somebody, or may not have.
     *
     * @param why the reason
     * @param uncertain whether it may have been delivered
     */
    record Unsent(@NonNull String why, boolean uncertain) {}

    private final OAuthMailApprovalStep step;
    private final Approval approval;
    private final Run<?, ?> build;
    private final TaskListener log;
    private final MailOrigin origin;

    /** As it is sent. */
    private final Question question;

    /** @param secrets what is bound around the step */
    Correspondence(
            @NonNull OAuthMailApprovalStep step,
            @NonNull Approval approval,
            @NonNull Run<?, ?> build,
            @NonNull TaskListener log,
            @NonNull List<String> secrets)
            throws AbortException {
        this.step = step;
        this.approval = approval;
        this.build = build;
        this.log = new QuietLog(log);
        origin = MailOrigin.of(ActivitySource.APPROVAL, build).hiding(secrets);
        question = approval.question().worded(StepArguments.subject(step), StepArguments.text(step));
    }

    /**
     * The account, if the job may both send with it and read it, and if it can tell who wrote a message.
     *
     * @throws AbortException otherwise
     */
    @NonNull
    static MailAccount account(@CheckForNull String id, @NonNull Run<?, ?> build) throws AbortException {
        String job = build.getParent().getFullName();
        JobAccess.account(id, MailUse.SEND, job);
        MailAccount account = JobAccess.account(id, MailUse.READ, job);
        JobAccess.checkRule(
                account, MailQuery.in(MailQuery.INBOX).authenticated(true).build());
        return account;
    }

    /**
     * Sends the question to an approver. The reference is saved before it is sent, so that a crash in between loses no
     * answer.
     *
     * @param reminder whether the approver has already got it
     * @return null if it was sent
     */
    @CheckForNull
    Unsent ask(@NonNull Approver approver, boolean reminder, @NonNull Files files)
            throws IOException, InterruptedException {
        Reference reference = Reference.to(approval.getId());
        approver.addReference(reference);
        approval.save();
        Unsent unsent;
        try {
            SentMail sent = send(approver.getAddress(), mail(reference, approver.isByMail(), reminder), files);
            approver.asked(ids(sent), Instant.now().toEpochMilli());
            unsent = null;
        } catch (MailFailure | AbortException failure) {
            String why =
                    BoundSecrets.mask(ReferenceSecrets.hide(String.valueOf(failure.getMessage())), origin.secrets());
            unsent = new Unsent(why, mayHaveArrived(failure));
        }
        if (unsent != null && !reminder) {
            approver.notAsked(unsent.why, unsent.uncertain);
        }
        approval.save();
        return unsent;
    }

    /** Whether a message that could not be sent may have been delivered nevertheless. */
    static boolean mayHaveArrived(@NonNull Exception failure) {
        return failure instanceof MailFailure why && why.fateUnknown();
    }

    private static List<String> ids(SentMail sent) {
        return new ArrayList<>(new LinkedHashSet<>(List.of(sent.messageId(), sent.requestedMessageId())));
    }

    /**
     * Sends the question, without a reference, to those who are only informed, unless they may have got it. That is saved
     * before it is sent, so that a crash in between has nobody informed twice.
     */
    void inform(@NonNull Files files) throws MailFailure, IOException, InterruptedException {
        if (step.informed() == null || approval.mayHaveInformed()) {
            return;
        }
        approval.informing();
        approval.save();
        send(step.informed(), mail(null, false, false), files);
    }

    private QuestionMail mail(Reference reference, boolean byMail, boolean reminder) throws AbortException {
        return new QuestionMail(
                question,
                step.getHtml(),
                build.getFullDisplayName(),
                page(build),
                account(step.getAccount(), build).getAddress(),
                reference,
                byMail,
                String.join(
                        ", ",
                        approval.approvers().stream().map(Approver::getName).toList()),
                reminder);
    }

    /** URL of the page on which to decide; null if Jenkins does not know its own URL. */
    @CheckForNull
    static String page(@NonNull Run<?, ?> build) {
        String root = Jenkins.get().getRootUrl();
        return root == null ? null : root + build.getUrl() + ApprovalAction.URL + "/";
    }

    private SentMail send(String to, QuestionMail mail, Files files)
            throws MailFailure, IOException, InterruptedException {
        return MailDraft.about(mail.subject())
                .to(to)
                .text(mail.text())
                .html(mail.html())
                .attachments(files.patterns)
                .by(origin)
                .build()
                .attempt(JobAccess.account(step.getAccount(), MailUse.SEND, build), files.workspace, log);
    }

    /** Answers those whose answer does not count and who may be answered. */
    void answer(@NonNull List<Answer> answers) {
        String page = page(build);
        for (Answer answer : answers) {
            Refusal refusal = answer.refusal();
            // The subject brings the reference back to whom it came from, so that this one can be replied to as well.
            send(
                    answer.sender(),
                    answer.mail().subject().isBlank()
                            ? question.subject()
                            : answer.mail().subject(),
                    Messages.Correspondence_notCounted(refusal == null ? "" : refusal.advice(approval))
                            + (page != null && (refusal == Refusal.PAGE_ONLY || refusal == Refusal.PROFILE)
                                    ? "\n\n" + page
                                    : ""),
                    answer.mail().messageId());
        }
    }

    /** Tells those who were asked and have not answered, and those who were informed, how it ended. */
    void announceEnd() {
        List<String> people = new ArrayList<>();
        for (Approver approver : approval.silent()) {
            if (approver.getAddress() != null && approver.mayHaveBeenAsked()) {
                people.add(approver.getAddress());
            }
        }
        if (step.informed() != null) {
            people.add(step.informed());
        }
        String page = page(build);
        for (String person : people) {
            send(
                    person,
                    Messages.Correspondence_ended(question.subject()),
                    Messages.Correspondence_endedText(question.subject(), approval.summary())
                            + (page == null ? "" : "\n\n" + page),
                    null);
        }
    }

    /** Failures are logged only: what matters has been decided. */
    private void send(String to, String subject, String text, String inReplyTo) {
        try {
            MailDraft.about(subject)
                    .to(to)
                    .text(text)
                    .headers(new DraftHeaders(sendable(inReplyTo), null, null))
                    .by(origin)
                    .build()
                    .attempt(JobAccess.account(step.getAccount(), MailUse.SEND, build), null, log);
        } catch (MailFailure | IOException e) {
            log.getLogger()
                    .println(
                            mayHaveArrived(e)
                                    ? Messages.Correspondence_uncertain(to, e.getMessage())
                                    : Messages.Correspondence_notSent(to, String.valueOf(e.getMessage())));
            LOGGER.log(Level.FINE, e, () -> "Cannot send to " + to + " about " + build);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String sendable(String id) {
        return MessageId.parse(id == null ? "" : id)
                .filter(MessageId::isSendable)
                .map(Object::toString)
                .orElse(null);
    }
}
