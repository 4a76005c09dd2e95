package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import io.jenkins.plugins.oauthmail.watch.Waiter;
import java.util.Date;
import java.util.Locale;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** A build or trigger that waits for mail. */
@Restricted(NoExternalUse.class)
public final class ActivityWaiter extends ActivityUser {
    private final Waiter waiter;

    ActivityWaiter(@NonNull Waiter waiter, @CheckForNull Job<?, ?> job) {
        super(waiter.job(), job);
        this.waiter = waiter;
    }

    String getLabel() {
        return (isHidden() ? "" : waiter.job()).toLowerCase(Locale.ROOT) + ' ' + waiter.build();
    }

    @Override
    public int getBuild() {
        return waiter.build();
    }

    @NonNull
    public String getFolder() {
        return waiter.folder();
    }

    /** When it stops waiting; null if it does not. */
    @CheckForNull
    public Date getUntil() {
        return waiter.until() == null ? null : Date.from(waiter.until());
    }
}
