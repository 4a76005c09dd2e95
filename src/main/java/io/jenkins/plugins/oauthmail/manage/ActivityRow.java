package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import io.jenkins.plugins.oauthmail.account.ActivityEntry;
import io.jenkins.plugins.oauthmail.account.FailureText;
import io.jenkins.plugins.oauthmail.config.MailUse;
import java.util.Date;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** One message that was sent, or some that were read at once. */
@Restricted(NoExternalUse.class)
public final class ActivityRow extends ActivityUser {
    private final ActivityEntry entry;

    /**
     * @param job the job; null if the viewer may not see it, or there is none
     * @param own the account's address
     */
    ActivityRow(@NonNull ActivityEntry entry, @CheckForNull Job<?, ?> job, @NonNull String own) {
        super(entry.job(), job);
        this.entry = visible(entry, job, own);
    }

    @NonNull
    public Date getTime() {
        return Date.from(entry.time());
    }

    public boolean isSent() {
        return entry.use() == MailUse.SEND;
    }

    /** The step or whatever used the account. */
    @NonNull
    public String getSource() {
        return entry.source().getText();
    }

    @NonNull
    @Override
    public String getText() {
        return getSource();
    }

    @Override
    public int getBuild() {
        return entry.build();
    }

    public int getCount() {
        return entry.count();
    }

    /** The size in a suitable unit; null if it is unknown. */
    @CheckForNull
    public String getLength() {
        return entry.bytes() == 0 ? null : size(entry.bytes());
    }

    private static String size(long bytes) {
        return bytes < 1024 * 1024
                ? Messages.ActivityPage_kilobytes((bytes + 1023) / 1024)
                : Messages.ActivityPage_megabytes(bytes / 1024.0 / 1024.0);
    }

    public boolean isGood() {
        return entry.outcome() == ActivityEntry.Outcome.GOOD;
    }

    public boolean isFailed() {
        return entry.outcome() == ActivityEntry.Outcome.FAILED;
    }

    /** The icon of the result. */
    @NonNull
    public String getIcon() {
        return isGood() ? "symbol-check" : isFailed() ? "symbol-close-circle" : "symbol-warning";
    }

    /** The CSS class with the color of the icon. */
    @NonNull
    public String getColor() {
        return isGood() ? "jenkins-!-success-color" : isFailed() ? "jenkins-!-error-color" : "jenkins-!-warning-color";
    }

    /** The result in a word or two. */
    @NonNull
    public String getResult() {
        return switch (entry.outcome()) {
            case GOOD -> isSent() ? Messages.ActivityPage_resultSent() : Messages.ActivityPage_resultRead();
            case PARTLY -> Messages.ActivityPage_resultPartly();
            case FAILED -> Messages.ActivityPage_resultFailed();
            case UNKNOWN -> Messages.ActivityPage_resultUnknown();
        };
    }

    /** How long it waited, in words; null if it did not. */
    @CheckForNull
    public String getDelay() {
        return entry.delay().isZero() ? null : Messages.ActivityPage_delayed(ActivityPage.seconds(entry.delay()));
    }

    /** Why it failed; null if it did not. */
    @CheckForNull
    public String getSentence() {
        return entry.sentence();
    }

    /** The same for a page. */
    @CheckForNull
    public FailureText getReason() {
        return FailureText.ofNullable(entry.sentence());
    }

    /** The subject; null if it was not recorded, or the user may not see the job or whether there is one. */
    @CheckForNull
    public String getSubject() {
        return entry.subject();
    }

    /** Recipients or senders; null as for {@link #getSubject}. */
    @CheckForNull
    public String getAddresses() {
        return entry.addresses();
    }
}
