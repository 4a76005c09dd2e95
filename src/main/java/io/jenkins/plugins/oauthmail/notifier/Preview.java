package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import hudson.util.FormValidation;
import io.jenkins.plugins.oauthmail.account.ActivitySource;
import io.jenkins.plugins.oauthmail.jobs.MailDraft;
import io.jenkins.plugins.oauthmail.jobs.MailOrigin;
import io.jenkins.plugins.oauthmail.jobs.MessagePreview;
import java.io.IOException;
import jenkins.model.Jenkins;

/**
 * What a notifier would send about the last build of its job. Only variables that are the same for everybody are filled
 * in: parameters of others, and macros that read them, may contain what the user of the form must not see.
 */
final class Preview {
    private Preview() {}

    /**
     * Shows the message.
     *
     * @param item the form's job; null if there is none
     * @param notifier what the form holds
     */
    @NonNull
    static FormValidation show(@CheckForNull Item item, @NonNull OAuthMailNotifier notifier) {
        return MessagePreview.show(item, Messages.Preview_noBuild(), job -> content(job, notifier));
    }

    /** Sends the message to the user. */
    @NonNull
    static FormValidation send(@CheckForNull Item item, @NonNull OAuthMailNotifier notifier) {
        return MessagePreview.send(
                item, notifier.getAccount(), Messages.Preview_noBuild(), job -> content(job, notifier));
    }

    @CheckForNull
    private static MessagePreview.Content content(Job<?, ?> job, OAuthMailNotifier notifier)
            throws IOException, InterruptedException {
        Run<?, ?> build = job.getLastBuild();
        if (build == null) {
            return null;
        }
        MailDraft draft = Notification.preview(notifier, build, variables(build))
                .by(MailOrigin.plugin(ActivitySource.PREVIEW))
                .build();
        return new MessagePreview.Content(
                Messages.Preview_about(build.getDisplayName()), draft.subject(), draft.html(), draft.text());
    }

    private static EnvVars variables(Run<?, ?> build) {
        Job<?, ?> job = build.getParent();
        EnvVars variables = new EnvVars(
                "JOB_NAME",
                job.getFullName(),
                "JOB_BASE_NAME",
                job.getName(),
                "BUILD_NUMBER",
                Integer.toString(build.getNumber()),
                "BUILD_ID",
                Integer.toString(build.getNumber()),
                "BUILD_DISPLAY_NAME",
                build.getDisplayName(),
                "BUILD_TAG",
                "jenkins-" + job.getFullName().replace('/', '-') + "-" + build.getNumber());
        String root = Jenkins.get().getRootUrl();
        if (root != null) {
            variables.put("JENKINS_URL", root);
            variables.put("JOB_URL", root + job.getUrl());
            variables.put("BUILD_URL", root + build.getUrl());
        }
        return variables;
    }
}
