package io.jenkins.plugins.oauthmail.mail.connect;

import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.util.function.Consumer;

/** Has something tried again that a server refuses for a while, until the time of a reading is over. */
public final class Patience {

    private final ReadDeadline limit;
    private final TimeSource time;
    private final Consumer<String> notices;

    /** @param notices told what went wrong and how long it waits, each time */
    public Patience(ReadDeadline limit, TimeSource time, Consumer<String> notices) {
        this.limit = limit;
        this.time = time;
        this.notices = notices;
    }

    /** @throws MailFailure of the last try: for something that stays, or for want of time */
    public <T> T insist(Attempt<T> attempt) throws MailFailure, InterruptedException {
        for (int failed = 1; ; failed++) {
            try {
                return attempt.make();
            } catch (MailFailure failure) {
                Duration wait = wait(failure, failed);
                if (!isWorthIt(failure) || !limit.leaves(wait)) {
                    throw failure;
                }
                notices.accept(Messages.Patience_again(failure.getMessage(), (wait.toMillis() + 999) / 1000));
                time.pause(wait);
            }
        }
    }

    /** A server that cannot be reached at all is more often named wrongly than down for minutes. */
    private static boolean isWorthIt(MailFailure failure) {
        return failure.temporary() || failure.passing() && failure.layer() != MailFailure.Layer.CONNECT;
    }

    /** As the server suggests, and a little more by chance, so that builds refused together do not return together. */
    private Duration wait(MailFailure failure, int failed) {
        return failure.retryAfter()
                .map(suggested -> suggested.plusMillis(Math.round(suggested.toMillis() * time.chance() / 10)))
                .orElseGet(() -> Backoff.after(Math.min(failed, Backoff.TRIES), time.chance()));
    }

    public interface Attempt<T> {
        T make() throws MailFailure, InterruptedException;
    }
}
