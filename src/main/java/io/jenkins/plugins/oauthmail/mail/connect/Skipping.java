package io.jenkins.plugins.oauthmail.mail.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Skips some of the messages that cannot be read, and stops at the first of the others. */
public final class Skipping implements Unreadable {
    private final Predicate<MailId> skips;
    private final List<String> problems = new ArrayList<>();
    private MailId last;
    private MailFailure stop;

    public Skipping(@NonNull Predicate<MailId> skips) {
        this.skips = skips;
    }

    @Override
    public void mail(MailId id, MailFailure failure) throws MailFailure {
        if (!skips.test(id)) {
            stop = failure;
            throw failure;
        }
        problems.add(failure.getMessage());
        last = id;
    }

    /** The message that was skipped last; null if none was. */
    @CheckForNull
    public MailId last() {
        return last;
    }

    /** A sentence for each message that was skipped. */
    @NonNull
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** Why the message at which reading stopped cannot be read; null if none stopped it. */
    @CheckForNull
    public MailFailure stop() {
        return stop;
    }
}
