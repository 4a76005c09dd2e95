package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.ParameterDefinition;
import hudson.model.Run;
import io.jenkins.plugins.oauthmail.config.StoredXml;
import io.jenkins.plugins.oauthmail.jobs.SavedBuild;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * One question and what has become of it: the record for the build's page and for auditors, and the only place where it is
 * decided. Answers by mail and on the page come here, one at a time, and each is on disk before it counts. Kept with the
 * build; lists are replaced instead of modified, since the build may be saved at any time.
 */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class Approval {
    /** How many answers that do not count are recorded and logged; a flood of them must not fill the disk. */
    static final int MAX_UNCOUNTED = 50;

    /** How the question ended. */
    enum Ending {
        /** Enough people chose the same. */
        DECIDED,
        /** Somebody chose the last one, which rejects. */
        REJECTED,
        /** Everybody has answered, but no choice has enough votes. */
        NO_AGREEMENT,
        TIMED_OUT,
        ABORTED
    }

    private final Question question;
    private final ArrayList<Approver> approvers;
    private final ArrayList<String> groups;
    private volatile ArrayList<Vote> votes = new ArrayList<>();
    private volatile ArrayList<RejectedAnswer> uncounted = new ArrayList<>();
    private volatile ArrayList<String> answered = new ArrayList<>();
    private volatile int reminders;

    /** Null only while a build is loaded that an earlier version has saved. */
    private volatile Boolean informed;

    private volatile String position;
    private volatile Ending ending;
    private volatile String decision;
    private volatile long ended;
    private volatile String skippedAnswer;
    private volatile String missingBecause;

    private transient volatile Run<?, ?> run;
    private transient volatile Waiting waiting;

    /** The step that waits for a decision, while the controller runs. */
    interface Waiting {
        /** What to ask for with a decision. */
        @NonNull
        List<ParameterDefinition> parameters();

        /** Called when something has happened on the page; has the step notice. */
        void heard(@CheckForNull Vote counted);
    }

    /**
     * @param approvers who is asked by name
     * @param groups whose members may decide on the page
     */
    Approval(@NonNull Question question, @NonNull List<Approver> approvers, @NonNull List<String> groups) {
        this.question = question;
        this.approvers = new ArrayList<>(approvers);
        this.groups = new ArrayList<>(groups);
        informed = false;
    }

    /** Earlier versions did not store whether they had informed, and informed nobody after a restart once they had asked. */
    private Object readResolve() {
        if (informed == null) {
            informed = approvers.stream().anyMatch(approver -> approver.getAsked() != null);
        }
        return this;
    }

    /** Told when attached and when loaded. */
    void of(@NonNull Run<?, ?> build) {
        run = build;
    }

    /** Sets who waits, which nobody does before the build is resumed after a restart. */
    void waiting(@NonNull Waiting step) {
        waiting = step;
    }

    /** What to ask for with a decision on the page; null if the build has not been resumed yet. */
    @CheckForNull
    List<ParameterDefinition> definitions() {
        Waiting step = waiting;
        return step == null ? null : new ArrayList<>(step.parameters());
    }

    @NonNull
    Question question() {
        return question;
    }

    @NonNull
    List<Approver> approvers() {
        return new ArrayList<>(approvers);
    }

    @NonNull
    List<String> groups() {
        return new ArrayList<>(groups);
    }

    @NonNull
    List<Vote> votes() {
        return new ArrayList<>(votes);
    }

    /** Null while it is open. */
    @CheckForNull
    Ending ending() {
        return ending;
    }

    /** The choice that was decided on; null if none was. */
    @CheckForNull
    String decision() {
        return decision;
    }

    /** How many times those who have not answered were reminded. */
    int reminders() {
        return reminders;
    }

    void reminded(int times) {
        reminders = times;
    }

    /** Whether those who are only informed have got the question, or may have. */
    boolean mayHaveInformed() {
        return informed;
    }

    /** Called before they get it. */
    void informing() {
        informed = true;
    }

    /** How far the folder has been read; null if not yet read. */
    @CheckForNull
    String position() {
        return position;
    }

    /** Saved with whatever is saved next. */
    void position(@NonNull String now) {
        position = now;
    }

    /**
     * Counts a vote, unless the time is up, the question has ended or the person has voted. It counts once this returns
     * null, and is on disk by then.
     *
     * @return why it does not count, or null
     * @throws IOException if it cannot be saved; it does not count
     */
    @CheckForNull
    synchronized Refusal vote(@NonNull Vote vote) throws IOException {
        if (ending != null || vote.isLate(question)) {
            return Refusal.ENDED;
        }
        if (votes.stream().anyMatch(vote::isOfSamePerson)) {
            return Refusal.ANSWERED;
        }
        ArrayList<Vote> before = votes;
        votes = with(before, vote);
        settle(vote.getTime().getTime());
        try {
            save();
        } catch (IOException | RuntimeException | Error e) {
            votes = before;
            ending = null;
            decision = null;
            ended = 0;
            throw e;
        }
        return null;
    }

    /** Has the waiting step notice what happened on the page. */
    void wakeStep(@CheckForNull Vote counted) {
        Waiting step = waiting;
        if (step != null) {
            step.heard(counted);
        }
    }

    /** Whether a message has been counted, as after a crash some are read again. */
    boolean hasCounted(@CheckForNull String messageId) {
        String id = StoredXml.storable(messageId);
        return id != null && votes.stream().anyMatch(vote -> id.equals(vote.getMessageId()));
    }

    /** Whether it has ended, and on disk: unlike {@link #isOpen}, this waits while a vote is being saved. */
    synchronized boolean hasEnded() {
        return ending != null;
    }

    private void settle(long now) {
        Tally tally = tally();
        Ending how = tally.ending();
        if (how != null) {
            List<Vote> decisive = tally.decisive();
            decision = decisive.isEmpty() ? null : decisive.get(0).getChoice();
            ended = now;
            ending = how;
        }
    }

    private Tally tally() {
        return new Tally(question, approvers, !groups.isEmpty(), votes);
    }

    /** The votes by which it was decided; empty if it was not. */
    @NonNull
    List<Vote> decisive() {
        return decision == null ? List.of() : tally().decisive();
    }

    /**
     * Ends an open question without a decision.
     *
     * @return whether it was open
     */
    synchronized boolean end(@NonNull Ending how, @NonNull Instant now) throws IOException {
        if (ending != null) {
            return false;
        }
        ended = now.toEpochMilli();
        ending = how;
        save();
        return true;
    }

    /**
     * Ends an open question because the time is up.
     *
     * @param failure why the last check for answers by mail failed; null if it did not
     * @return whether it was open
     */
    synchronized boolean timeOut(@CheckForNull String failure, @NonNull Instant now) throws IOException {
        if (ending == null) {
            boolean byMail = approvers.stream().anyMatch(Approver::isByMail);
            String why = failure == null ? skippedAnswer : StoredXml.storable(failure);
            missingBecause = byMail && why != null ? why : neverAsked();
        }
        return end(Ending.TIMED_OUT, now);
    }

    /** Names those whose silence means nothing, because the question may not have reached them; null if there are none. */
    @CheckForNull
    private String neverAsked() {
        String names = notAsked(false);
        String uncertain = notAsked(true);
        if (uncertain.isEmpty()) {
            return names.isEmpty() ? null : Messages.Approval_neverAsked(names);
        }
        return names.isEmpty()
                ? Messages.Approval_uncertain(uncertain)
                : Messages.Approval_neverAskedOrUncertain(names, uncertain);
    }

    private String notAsked(boolean uncertain) {
        return silent().stream()
                .filter(approver -> approver.getAddress() != null
                        && approver.getAsked() == null
                        && approver.isUncertain() == uncertain)
                .map(Approver::getName)
                .collect(Collectors.joining(", "));
    }

    /**
     * Records that a message was skipped that may be an answer; saved with whatever is saved next.
     *
     * @param why why it could not be read
     */
    synchronized void skipped(@NonNull String why) {
        skippedAnswer = StoredXml.storable(why);
    }

    /** Whether this message was recorded before, for this reason or for one from which this has become. */
    boolean hasRecorded(@NonNull RejectedAnswer answer, @NonNull Refusal refusal) {
        return uncounted.stream().filter(answer::isOfSameMessage).anyMatch(known -> refusal.before().stream()
                .anyMatch(reason -> known.isBecauseOf(reason, this)));
    }

    /**
     * Records an answer that does not count; saved with whatever is saved next.
     *
     * @return whether there was room for it
     */
    synchronized boolean record(@NonNull RejectedAnswer answer) {
        if (uncounted.size() >= MAX_UNCOUNTED) {
            return false;
        }
        uncounted = with(uncounted, answer);
        return true;
    }

    /**
     * Whether one more short answer may be sent to somebody whose answer does not count; remembers that it is.
     *
     * @param most to this address
     * @param mostToAll to all addresses together
     */
    synchronized boolean mayAnswer(@NonNull String address, int most, int mostToAll) {
        String lower = CaseFolding.asciiLower(address);
        if (answered.size() >= mostToAll
                || answered.stream().filter(lower::equals).count() >= most) {
            return false;
        }
        answered = with(answered, lower);
        return true;
    }

    /** The approver with this address; null if there is none. */
    @CheckForNull
    Approver approver(@NonNull String address) {
        return approvers.stream()
                .filter(approver -> approver.hasAddress(address))
                .findFirst()
                .orElse(null);
    }

    /** The approver that a Jenkins user is; null if there is none. */
    @CheckForNull
    Approver user(@NonNull String id) {
        return approvers.stream()
                .filter(approver -> approver.isUser(id))
                .findFirst()
                .orElse(null);
    }

    /** The approvers who have not answered. */
    @NonNull
    List<Approver> silent() {
        return approvers.stream().filter(approver -> getVote(approver) == null).toList();
    }

    /** Saves the build. */
    void save() throws IOException {
        SavedBuild.save(Objects.requireNonNull(run, "attached to a build"));
    }

    private static <T> ArrayList<T> with(List<T> list, T one) {
        ArrayList<T> more = new ArrayList<>(list);
        more.add(one);
        return more;
    }

    @Exported
    @NonNull
    public String getId() {
        return question.id();
    }

    @Exported
    @NonNull
    public String getAccount() {
        return question.account();
    }

    @Exported
    @NonNull
    public String getSubject() {
        return question.subject();
    }

    @Exported
    @CheckForNull
    public String getText() {
        return question.text();
    }

    @Exported
    @NonNull
    public List<String> getChoices() {
        return question.choices();
    }

    @Exported
    public int getRequired() {
        return question.required();
    }

    @Exported
    @NonNull
    public Date getAsked() {
        return Date.from(question.asked());
    }

    @Exported
    @NonNull
    public Date getDeadline() {
        return Date.from(question.deadline());
    }

    @Exported
    @NonNull
    public List<Approver> getApprovers() {
        return approvers();
    }

    @Exported
    @NonNull
    public List<String> getGroups() {
        return groups();
    }

    @Exported
    @NonNull
    public List<Vote> getVotes() {
        return votes();
    }

    /** The answers that do not count, the first {@link #MAX_UNCOUNTED} of them. */
    @Exported
    @NonNull
    public List<RejectedAnswer> getUncounted() {
        return new ArrayList<>(uncounted);
    }

    @Exported
    public boolean isOpen() {
        return ending == null;
    }

    /** {@code open}, {@code decided}, {@code rejected}, {@code noAgreement}, {@code timedOut} or {@code aborted}. */
    @Exported
    @NonNull
    public String getState() {
        Ending how = ending;
        if (how == null) {
            return "open";
        }
        return switch (how) {
            case DECIDED -> "decided";
            case REJECTED -> "rejected";
            case NO_AGREEMENT -> "noAgreement";
            case TIMED_OUT -> "timedOut";
            case ABORTED -> "aborted";
        };
    }

    @Exported
    @CheckForNull
    public String getDecision() {
        return decision;
    }

    /** When it ended; null while it is open. */
    @Exported
    @CheckForNull
    public Date getEnded() {
        return ended == 0 ? null : new Date(ended);
    }

    /** If the time ran out: why answers by mail may be missing; null if there is no reason to think so. */
    @Exported
    @CheckForNull
    public String getMissingBecause() {
        return missingBecause;
    }

    /** The vote of an approver; null if there is none. */
    @CheckForNull
    public Vote getVote(@NonNull Approver approver) {
        return votes.stream().filter(vote -> vote.isOf(approver)).findFirst().orElse(null);
    }

    /** Votes of people who were not asked by name. */
    @NonNull
    public List<Vote> getOtherVotes() {
        return votes.stream()
                .filter(vote -> approvers.stream().noneMatch(approver -> getVote(approver) == vote))
                .toList();
    }

    /** What was asked for with a decision. */
    @Exported
    @NonNull
    public List<AskedParameter> getParameters() {
        return question.parameters();
    }

    /** Whether the page explains that answers of members and of addresses do not add up. */
    public boolean isAmbiguous() {
        return tally().isAmbiguous();
    }

    /** The groups in one text, for the page. */
    @NonNull
    public String getGroupNames() {
        return String.join(", ", groups);
    }

    /** Who decided, separated by commas. */
    private String deciders() {
        return decisive().stream().map(Vote::getBy).collect(Collectors.joining(", "));
    }

    /** What has become of it, in one sentence. */
    @NonNull
    public String summary() {
        Ending how = ending;
        if (how == null) {
            return Messages.Approval_open(votes.size(), question.required());
        }
        return switch (how) {
            case DECIDED, REJECTED -> Messages.Approval_decided(decision, deciders(), Times.shown(ended));
            case NO_AGREEMENT -> Messages.Approval_noAgreement(question.required());
            case TIMED_OUT ->
                missingBecause == null
                        ? Messages.Approval_timedOut(Times.shown(ended))
                        : Messages.Approval_timedOutBlind(Times.shown(ended));
            case ABORTED -> Messages.Approval_aborted(Times.shown(ended));
        };
    }

    /** As {@link #summary}, for the page. */
    @NonNull
    public String getSummary() {
        return summary();
    }
}
