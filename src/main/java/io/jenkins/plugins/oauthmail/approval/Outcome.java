package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** What becomes of the pipeline when a question has ended. */
final class Outcome {
    private Outcome() {}

    /** Completes the step when the question has ended. */
    static void conclude(@NonNull OAuthMailApprovalStep step, @NonNull Approval approval, @NonNull StepContext context)
            throws AbortException {
        boolean timedOut = approval.ending() == Approval.Ending.TIMED_OUT;
        String missing = approval.getMissingBecause();
        if (timedOut && failsOnTimeout(step, missing)) {
            context.onFailure(new AbortException(
                    missing == null
                            ? Messages.OAuthMailApprovalStep_timedOut(step.getWaitFor())
                            : Messages.OAuthMailApprovalStep_timedOutBlind(step.getWaitFor(), missing)));
        } else if (approval.ending() == Approval.Ending.ABORTED) {
            context.onFailure(new AbortException(approval.summary()));
        } else if (isRejected(step, approval) && step.getOnReject().equals(OAuthMailApprovalStep.FAIL)) {
            context.onFailure(new AbortException(
                    timedOut
                            ? rejectedByTime(step.getWaitFor(), missing)
                            : Messages.OAuthMailApprovalStep_rejected(approval.summary())));
        } else {
            context.onSuccess(ApprovalResult.of(approval, isRejected(step, approval), step.getParameters()));
        }
    }

    /** Silence means consent for some, but not if somebody may have rejected. */
    private static boolean failsOnTimeout(OAuthMailApprovalStep step, @CheckForNull String missing) {
        return step.getOnTimeout().equals(OAuthMailApprovalStep.FAIL)
                || missing != null && step.getOnTimeout().equals(OAuthMailApprovalStep.RETURN);
    }

    private static String rejectedByTime(String waitFor, @CheckForNull String missing) {
        return missing == null
                ? Messages.OAuthMailApprovalStep_rejectedByTime(waitFor)
                : Messages.OAuthMailApprovalStep_rejectedByTimeBlind(waitFor, missing);
    }

    private static boolean isRejected(OAuthMailApprovalStep step, Approval approval) {
        return approval.ending() == Approval.Ending.REJECTED
                || approval.ending() == Approval.Ending.NO_AGREEMENT
                || approval.ending() == Approval.Ending.TIMED_OUT
                        && step.getOnTimeout().equals(OAuthMailApprovalStep.REJECT);
    }
}
