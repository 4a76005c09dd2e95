package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.time.Instant;

/** Something that keeps an account from working, since when, and whether it may go away by itself. Never changes. */
public final class AccountFailure {
    /** How long what may go away by itself is left in peace: a weekend without the network is nobody's business. */
    static final Duration PATIENCE = Duration.ofDays(3);

    private final String sentence;
    private final long since;
    private final long last;
    private final boolean passing;
    private final boolean answerLost;

    private AccountFailure(String sentence, long since, long last, boolean passing, boolean answerLost) {
        this.sentence = sentence;
        this.since = since;
        this.last = last;
        this.passing = passing;
        this.answerLost = answerLost;
    }

    /**
     * @param earlier what there was before it; null if the account worked
     * @param sentence what is wrong and what to do, without secrets
     * @param passing whether it may go away by itself, such as a server that cannot be reached
     */
    @NonNull
    static AccountFailure after(
            @CheckForNull AccountFailure earlier, @NonNull String sentence, boolean passing, @NonNull Instant now) {
        long time = now.toEpochMilli();
        return new AccountFailure(
                sentence, earlier == null ? time : earlier.since, time, passing, earlier != null && earlier.answerLost);
    }

    /** The same, of a renewal whose answer was lost; what comes after it remembers that until a renewal works. */
    @NonNull
    AccountFailure withAnswerLost() {
        return new AccountFailure(sentence, since, last, passing, true);
    }

    boolean isAnswerLost() {
        return answerLost;
    }

    /** What is wrong and what to do. */
    @NonNull
    public String getSentence() {
        return sentence;
    }

    /** When the account stopped working. */
    @NonNull
    public Instant getSince() {
        return Instant.ofEpochMilli(since);
    }

    /** When it was last found not to work. */
    @NonNull
    public Instant getLast() {
        return Instant.ofEpochMilli(last);
    }

    /** Whether an administrator is to be told: at once, or only after some days if it may go away by itself. */
    public boolean needsAttention(@NonNull Instant now) {
        return !passing || !getSince().plus(PATIENCE).isAfter(now);
    }

    boolean saysTheSameAs(@CheckForNull AccountFailure other) {
        return other != null && sentence.equals(other.sentence) && passing == other.passing;
    }
}
