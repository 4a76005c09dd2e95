package io.jenkins.plugins.oauthmail.trigger;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.InvisibleAction;
import hudson.model.Item;
import hudson.model.Job;
import io.jenkins.plugins.oauthmail.account.FailureText;
import java.io.IOException;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The trigger's status on the job's page: why it cannot start builds, and messages whose builds were lost. */
@Restricted(NoExternalUse.class)
public final class MailTriggerAction extends InvisibleAction {
    private static final Logger LOGGER = Logger.getLogger(MailTriggerAction.class.getName());

    private final OAuthMailTrigger trigger;

    MailTriggerAction(@NonNull OAuthMailTrigger trigger) {
        this.trigger = trigger;
    }

    @NonNull
    @Override
    public String getUrlName() {
        return "oauth-mail-trigger";
    }

    /** Why the trigger cannot start builds; null if it can. */
    @CheckForNull
    @Restricted(DoNotUse.class) // Jelly only
    public String getTrouble() {
        return trigger.watch().map(ArrivalWatch::trouble).orElse(null);
    }

    /** The same for a page. */
    @CheckForNull
    @Restricted(DoNotUse.class) // Jelly only
    public FailureText getTroubleReason() {
        return FailureText.ofNullable(getTrouble());
    }

    /** ID of the account whose mail starts builds. */
    @NonNull
    @Restricted(DoNotUse.class) // Jelly only
    public String getAccount() {
        return trigger.getAccount();
    }

    @NonNull
    @Restricted(DoNotUse.class) // Jelly only
    public String getFolder() {
        return trigger.getFolder();
    }

    /** Which messages start builds; null if the user may not see how the job is configured. */
    @CheckForNull
    @Restricted(DoNotUse.class) // Jelly only
    public String getConditions() {
        return isConfigured() ? Util.fixEmpty(trigger.conditions()) : null;
    }

    /** Since when it waits for mail; null if it does not. */
    @CheckForNull
    @Restricted(DoNotUse.class) // Jelly only
    public Date getSince() {
        return trigger.watch().map(ArrivalWatch::since).map(Date::from).orElse(null);
    }

    /** When it last looked for mail; null if it has not yet. */
    @CheckForNull
    @Restricted(DoNotUse.class) // Jelly only
    public Date getLooked() {
        return trigger.watch().map(ArrivalWatch::looked).map(Date::from).orElse(null);
    }

    /** The last message that it looked at; null for none. */
    @CheckForNull
    @Restricted(DoNotUse.class) // Jelly only
    public LastMail getLast() {
        Job<?, ?> job = trigger.job();
        if (job == null) {
            return null;
        }
        try {
            return ArrivalJournal.of(job).last(trigger.getAccount(), trigger.getFolder());
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot read the journal of " + job.getFullName());
            return null;
        }
    }

    /** Whether the user may see how the job is configured, and so what strangers wrote to its account. */
    @Restricted(DoNotUse.class) // Jelly only
    public boolean isConfigured() {
        Job<?, ?> job = trigger.job();
        return job != null && job.hasPermission(Item.EXTENDED_READ);
    }

    @NonNull
    @Restricted(DoNotUse.class) // Jelly only
    public List<ArrivedMail> getLost() {
        Job<?, ?> job = trigger.job();
        if (job == null) {
            return List.of();
        }
        try {
            return ArrivalJournal.of(job).lost();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot read the journal of " + job.getFullName());
            return List.of();
        }
    }

    /** Whether the user may start or dismiss lost builds. */
    @Restricted(DoNotUse.class) // Jelly only
    public boolean isActing() {
        Job<?, ?> job = trigger.job();
        return job != null && job.hasPermission(Item.BUILD);
    }

    /** Starts the build of a lost message, which stays on the page if the queue does not accept it. */
    @POST
    @Restricted(DoNotUse.class) // Stapler only
    public HttpResponse doStart(@AncestorInPath Job<?, ?> job, @QueryParameter String mail) throws IOException {
        job.checkPermission(Item.BUILD);
        ArrivalJournal journal = ArrivalJournal.of(job);
        Optional<ArrivedMail> lost = journal.takeBack(mail);
        if (lost.isPresent() && !isScheduled(job, lost.get())) {
            journal.setLost(mail);
        }
        return HttpResponses.redirectViaContextPath(job.getUrl());
    }

    private static boolean isScheduled(Job<?, ?> job, ArrivedMail mail) {
        try {
            return MailBuilds.schedule(job, mail);
        } catch (RuntimeException | Error e) {
            // Other plugins take part in it.
            LOGGER.log(Level.WARNING, e, () -> "No build of " + job.getFullName() + " for the message " + mail);
            return false;
        }
    }

    /** Removes a lost message without starting a build. */
    @POST
    @Restricted(DoNotUse.class) // Stapler only
    public HttpResponse doDismiss(@AncestorInPath Job<?, ?> job, @QueryParameter String mail) throws IOException {
        job.checkPermission(Item.BUILD);
        ArrivalJournal journal = ArrivalJournal.of(job);
        if (journal.takeBack(mail).isPresent()) {
            journal.forget(mail);
        }
        return HttpResponses.redirectViaContextPath(job.getUrl());
    }
}
