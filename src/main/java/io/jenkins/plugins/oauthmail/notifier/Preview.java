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
import java.util.Set;
import jenkins.model.Jenkins;

/**
 * What a notifier would send about the last build of its job. Only variables that are the same for everybody are filled
 * in: parameters of others, and macros that read them, may contain what the user of the form must not see.
 */
final class Preview {
    /** Loading more builds would take too long for a form. */
    private static final int MAX_BUILDS = 50;

    private Preview() {}

    /**
     * Shows the message.
     *
     * @param item the form's job; null if there is none
     * @param notifier what the form holds
     * @param variant what its variant holds, for the message that it changes; null for none
     */
    @NonNull
    static FormValidation show(
            @CheckForNull Item item, @NonNull OAuthMailNotifier notifier, @CheckForNull NotificationVariant variant) {
        return MessagePreview.show(item, Messages.Preview_noBuild(), job -> content(job, notifier, variant));
    }

    /** Sends the message to the user. */
    @NonNull
    static FormValidation send(
            @CheckForNull Item item, @NonNull OAuthMailNotifier notifier, @CheckForNull NotificationVariant variant) {
        return MessagePreview.send(
                item, notifier.getAccount(), Messages.Preview_noBuild(), job -> content(job, notifier, variant));
    }

    @CheckForNull
    private static MessagePreview.Content content(
            Job<?, ?> job, OAuthMailNotifier notifier, @CheckForNull NotificationVariant variant)
            throws IOException, InterruptedException {
        Run<?, ?> last = job.getLastBuild();
        if (last == null) {
            return null;
        }
        Run<?, ?> fitting = variant == null ? last : lastFor(last, variant);
        Run<?, ?> build = fitting == null ? last : fitting;
        MailDraft draft = Notification.preview(
                        variant == null ? notifier : notifier.with(variant), build, variables(build))
                .by(MailOrigin.of(ActivitySource.PREVIEW, job))
                .build();
        String about = fitting == null
                ? Messages.Preview_aboutAnother(MAX_BUILDS, build.getDisplayName())
                : Messages.Preview_about(build.getDisplayName());
        return new MessagePreview.Content(about, draft.subject(), draft.html(), draft.text());
    }

    /** The last build after which a variant would be sent; null if there is none among the latest. */
    @CheckForNull
    private static Run<?, ?> lastFor(Run<?, ?> last, NotificationVariant variant) throws IOException {
        Set<NotifyWhen> occasions;
        try {
            occasions = variant.occasions();
        } catch (IllegalArgumentException unknown) {
            throw new IOException(unknown.getMessage(), unknown);
        }
        Run<?, ?> build = last;
        for (int i = 0; i < MAX_BUILDS && build != null; i++) {
            Run<?, ?> candidate = build;
            if (occasions.stream().anyMatch(occasion -> occasion.matches(candidate))) {
                return candidate;
            }
            build = build.getPreviousBuild();
        }
        return null;
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
