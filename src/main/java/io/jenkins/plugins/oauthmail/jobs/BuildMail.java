package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.account.ActivityEntry;
import io.jenkins.plugins.oauthmail.account.ActivityEntry.Outcome;
import io.jenkins.plugins.oauthmail.account.FailureText;
import io.jenkins.plugins.oauthmail.config.StoredXml;
import java.util.Date;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** A message that a build sent, or tried to. Immutable; stored with the build. */
@Restricted(NoExternalUse.class)
public final class BuildMail {
    private final String account;
    private final long time;
    private final String step;
    private final String subject;
    private final String recipients;
    private final String outcome;
    private final String sentence;

    BuildMail(@NonNull String account, @NonNull ActivityEntry entry) {
        this.account = account;
        time = entry.time().toEpochMilli();
        step = entry.source().getText();
        subject = StoredXml.storable(entry.subject());
        recipients = StoredXml.storable(entry.addresses());
        outcome = entry.outcome().name();
        sentence = StoredXml.storable(entry.sentence());
    }

    /** ID of the account. */
    @NonNull
    public String getAccount() {
        return account;
    }

    @NonNull
    public Date getTime() {
        return new Date(time);
    }

    /** The step that sent it. */
    @NonNull
    public String getStep() {
        return step;
    }

    @CheckForNull
    public String getSubject() {
        return subject;
    }

    /** The recipients, separated by commas; null if they are not known. */
    @CheckForNull
    public String getRecipients() {
        return recipients;
    }

    public boolean isGood() {
        return Outcome.GOOD.name().equals(outcome);
    }

    public boolean isFailed() {
        return Outcome.FAILED.name().equals(outcome);
    }

    /** The CSS class with the color of the result. */
    @NonNull
    public String getColor() {
        if (isGood()) {
            return "jenkins-!-success-color";
        }
        return isFailed() ? "jenkins-!-error-color" : "jenkins-!-warning-color";
    }

    /** The result in a word or two. */
    @NonNull
    public String getResult() {
        if (isGood()) {
            return Messages.BuildMail_sent();
        }
        if (isFailed()) {
            return Messages.BuildMail_notSent();
        }
        return Outcome.PARTLY.name().equals(outcome) ? Messages.BuildMail_partly() : Messages.BuildMail_unknown();
    }

    /** Why it was not sent, or to whom it was not; null if there is nothing to say. */
    @CheckForNull
    public String getSentence() {
        return sentence;
    }

    /** The same for a page. */
    @CheckForNull
    public FailureText getReason() {
        return FailureText.ofNullable(sentence);
    }
}
