package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import io.jenkins.plugins.oauthmail.account.ActivityEntry;
import io.jenkins.plugins.oauthmail.account.ActivitySource;
import io.jenkins.plugins.oauthmail.config.MailUse;
import java.util.ArrayList;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** How much one job or the plugin sent and read within the last day, week and month. */
@Restricted(NoExternalUse.class)
public final class ActivityCount extends ActivityUser {
    static final int PERIODS = 3;

    @CheckForNull
    private final String text;

    private final long[] sent = new long[PERIODS];
    private final long[] read = new long[PERIODS];
    private final long[] failed = new long[PERIODS];

    /** @param text what used the account, if it was no job */
    ActivityCount(@CheckForNull String name, @CheckForNull Job<?, ?> job, @CheckForNull String text) {
        super(name, job);
        this.text = text;
    }

    void add(ActivityEntry entry, int period) {
        if (entry.source() == ActivitySource.OTHER_PLUGIN) {
            // It got a token; what it sends is not known here.
            return;
        }
        if (entry.outcome() == ActivityEntry.Outcome.FAILED || entry.outcome() == ActivityEntry.Outcome.UNKNOWN) {
            failed[period]++;
        } else if (entry.use() == MailUse.SEND) {
            sent[period]++;
        } else {
            read[period] += entry.count();
        }
    }

    long all() {
        return sent[PERIODS - 1] + read[PERIODS - 1] + failed[PERIODS - 1];
    }

    @CheckForNull
    @Override
    public String getText() {
        return text;
    }

    /** The numbers of the last day, week and month, in words. */
    @NonNull
    public List<String> getPeriods() {
        List<String> words = new ArrayList<>();
        for (int period = 0; period < PERIODS; period++) {
            words.add(words(period));
        }
        return words;
    }

    private String words(int period) {
        List<String> parts = new ArrayList<>();
        if (sent[period] > 0) {
            parts.add(Messages.ActivityPage_sent(sent[period]));
        }
        if (read[period] > 0) {
            parts.add(Messages.ActivityPage_read(read[period]));
        }
        if (failed[period] > 0) {
            parts.add(Messages.ActivityPage_failed(failed[period]));
        }
        return parts.isEmpty() ? "–" : String.join(", ", parts);
    }
}
