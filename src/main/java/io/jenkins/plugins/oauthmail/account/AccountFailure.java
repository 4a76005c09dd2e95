package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.config.StoredXml;
import java.time.Duration;
import java.time.Instant;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Why an account does not work, since when, and whether the failure may be temporary. Immutable. */
@Restricted(NoExternalUse.class)
public final class AccountFailure {
    /**
     * How long attempts may fail for a temporary reason before administrators are warned, so that a weekend without network
     * causes no warning.
     */
    static final Duration PATIENCE = Duration.ofDays(3);

    private final String sentence;
    private final long since;
    private final long last;
    private final boolean passing;
    private final boolean answerLost;

    private AccountFailure(String sentence, long since, long last, boolean passing, boolean answerLost) {
        this.sentence = StoredXml.storable(sentence);
        this.since = since;
        this.last = last;
        this.passing = passing;
        this.answerLost = answerLost;
    }

    /**
     * @param earlier the failure before this one; null if the account worked
     * @param sentence the failure and the fix, without secrets
     * @param passing whether the failure may be temporary, such as a server that cannot be reached
     */
    @NonNull
    static AccountFailure after(
            @CheckForNull AccountFailure earlier, @NonNull String sentence, boolean passing, @NonNull Instant now) {
        long time = now.toEpochMilli();
        return new AccountFailure(
                sentence, earlier == null ? time : earlier.since, time, passing, earlier != null && earlier.answerLost);
    }

    /**
     * The same failure, for a renewal whose answer was lost; later failures keep that mark until a renewal succeeds.
     */
    @NonNull
    AccountFailure withAnswerLost() {
        return new AccountFailure(sentence, since, last, passing, true);
    }

    boolean isAnswerLost() {
        return answerLost;
    }

    /** The failure and the fix. */
    @NonNull
    public String getSentence() {
        return sentence;
    }

    /** When the account stopped working. */
    @NonNull
    public Instant getSince() {
        return Instant.ofEpochMilli(since);
    }

    /** When it last failed. */
    @NonNull
    public Instant getLast() {
        return Instant.ofEpochMilli(last);
    }

    /**
     * Whether administrators should be warned: at once, or only when attempts have failed for some days if the failure may
     * be temporary. A single one says nothing about the days after it.
     */
    public boolean needsAttention() {
        return !passing || !getSince().plus(PATIENCE).isAfter(getLast());
    }

    boolean sameSentenceAs(@CheckForNull AccountFailure other) {
        return other != null && sentence.equals(other.sentence) && passing == other.passing;
    }
}
