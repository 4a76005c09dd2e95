package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import hudson.util.FormValidation;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.jobs.MessagePreview;
import java.util.List;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;

/** The question as the next build of a job would mail it to the first approver, with a reference that no build knows. */
final class ApprovalPreview {
    private ApprovalPreview() {}

    /**
     * Shows the message.
     *
     * @param item the form's job; null if there is none
     * @param step what the form holds
     */
    @NonNull
    static FormValidation show(@CheckForNull Item item, @NonNull OAuthMailApprovalStep step) {
        return MessagePreview.show(item, "", job -> content(job, step));
    }

    /** Sends the message to the user. */
    @NonNull
    static FormValidation send(@CheckForNull Item item, @NonNull OAuthMailApprovalStep step) {
        return MessagePreview.send(item, step.getAccount(), "", job -> content(job, step));
    }

    private static MessagePreview.Content content(Job<?, ?> job, OAuthMailApprovalStep step) throws AbortException {
        String id = Reference.newQuestion();
        Approval approval = StepArguments.check(step, id, List.of());
        Run<?, ?> last = job.getLastBuild();
        int next = last == null ? 1 : last.getNumber() + 1;
        String build = Messages.ApprovalPreview_build(job.getFullDisplayName(), next);
        String root = Jenkins.get().getRootUrl();
        QuestionMail mail = new QuestionMail(
                approval.question(),
                step.getHtml(),
                build,
                root == null ? null : root + job.getUrl(),
                OAuthMailConfiguration.get()
                        .account(step.getAccount())
                        .map(MailAccount::getAddress)
                        .orElse(Util.fixNull(step.getAccount())),
                Reference.to(id),
                approval.approvers().stream().limit(1).allMatch(Approver::isByMail),
                approval.approvers().stream().map(Approver::getName).collect(Collectors.joining(", ")),
                false);
        return new MessagePreview.Content(Messages.ApprovalPreview_about(), mail.subject(), mail.html(), mail.text());
    }
}
