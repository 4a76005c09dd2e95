package io.jenkins.plugins.oauthmail.mail.connect;

import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Retries something that a server refuses temporarily, until the time limit of a read is reached. */
public final class Patience {

    /** A server may count or time what it says each time. */
    private static final Pattern DIGITS = Pattern.compile("\\d+");

    private final ReadDeadline limit;
    private final TimeSource time;
    private final Consumer<String> notices;
    private final Map<String, Integer> happened = new HashMap<>();
    private Duration waited = Duration.ZERO;

    /** @param notices receives a sentence before each wait: what went wrong and how long the wait is */
    public Patience(ReadDeadline limit, TimeSource time, Consumer<String> notices) {
        this.limit = limit;
        this.time = time;
        this.notices = notices;
    }

    /**
     * Not more than once.
     *
     * @throws MailFailure the failure of the last attempt, if it is permanent or there is no time left to retry
     */
    public <T> T insist(Attempt<T> attempt) throws MailFailure, InterruptedException {
        MailFailure refusal = null;
        for (int failed = 1; ; failed++) {
            try {
                return attempt.make();
            } catch (MailFailure failure) {
                if (refusal != null && limit.isOverAfterMuch(waited)) {
                    throw new MailFailure(refusal.layer(), limit.overWaiting(refusal.getMessage()), failure);
                }
                refusal = failure;
                Duration wait = wait(failure, failed);
                if (!isWorthIt(failure) || !limit.leaves(wait)) {
                    throw failure;
                }
                report(failure.getMessage(), (wait.toMillis() + 999) / 1000);
                time.pause(wait);
                waited = waited.plus(wait);
            }
        }
    }

    /** Reports the same thing again only after its count has doubled. */
    private void report(String sentence, long seconds) {
        int times = happened.merge(DIGITS.matcher(sentence).replaceAll("0"), 1, Integer::sum);
        if (times == 1) {
            notices.accept(Messages.Patience_again(sentence, seconds));
        } else if (Integer.bitCount(times) == 1) {
            notices.accept(Messages.Patience_repeated(sentence, times, seconds));
        }
    }

    /** A server that cannot be reached at all more often has a wrong host name than an outage of minutes. */
    private static boolean isWorthIt(MailFailure failure) {
        return failure.temporary() || failure.passing() && failure.layer() != MailFailure.Layer.CONNECT;
    }

    private Duration wait(MailFailure failure, int failed) {
        return failure.retryAfter()
                .map(suggested -> spread(suggested, time))
                .orElseGet(() -> Backoff.after(Math.min(failed, Backoff.TRIES), time.chance()));
    }

    /**
     * The delay that a server suggests plus a random one, so that builds that were refused together do not retry
     * together.
     */
    static Duration spread(Duration suggested, TimeSource time) {
        return suggested.plusMillis(Math.round(suggested.toMillis() * time.chance() / 10));
    }

    public interface Attempt<T> {
        T make() throws MailFailure, InterruptedException;
    }
}
