package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** What becomes of the pipeline when a question has ended. */
final class Outcome {
    private Outcome() {}

    /**
     * Completes the step when the question has ended.
     *
     * @param trouble why the last check for mail failed; null if it did not
     */
    static void conclude(
            @NonNull OAuthMailApprovalStep step,
            @NonNull Approval approval,
            @CheckForNull String trouble,
            @NonNull StepContext context)
            throws AbortException {
        boolean timedOut = approval.ending() == Approval.Ending.TIMED_OUT;
        if (timedOut && step.getOnTimeout().equals(OAuthMailApprovalStep.FAIL)) {
            context.onFailure(new AbortException(
                    trouble == null
                            ? Messages.OAuthMailApprovalStep_timedOut(step.getWaitFor())
                            : Messages.OAuthMailApprovalStep_timedOutBlind(step.getWaitFor(), trouble)));
        } else if (approval.ending() == Approval.Ending.ABORTED) {
            context.onFailure(new AbortException(approval.summary()));
        } else if (isRejected(step, approval) && step.getOnReject().equals(OAuthMailApprovalStep.FAIL)) {
            context.onFailure(new AbortException(
                    timedOut
                            ? Messages.OAuthMailApprovalStep_rejectedByTime(step.getWaitFor())
                            : Messages.OAuthMailApprovalStep_rejected(approval.summary())));
        } else {
            context.onSuccess(ApprovalResult.of(approval, isRejected(step, approval), step.getParameters()));
        }
    }

    private static boolean isRejected(OAuthMailApprovalStep step, Approval approval) {
        return approval.ending() == Approval.Ending.REJECTED
                || approval.ending() == Approval.Ending.NO_AGREEMENT
                || approval.ending() == Approval.Ending.TIMED_OUT
                        && step.getOnTimeout().equals(OAuthMailApprovalStep.REJECT);
    }
}
