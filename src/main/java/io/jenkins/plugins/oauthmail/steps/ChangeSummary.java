package io.jenkins.plugins.oauthmail.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.MailChange;

/**
 * Describes a change in the build log. Each combination has its own sentence, so that it can be translated as a whole.
 */
final class ChangeSummary {
    private ChangeSummary() {}

    @NonNull
    static String of(@NonNull MailChange change) {
        if (change.moveTo() != null) {
            return change.seen()
                    ? Messages.ChangeSummary_seenAndMoved(change.moveTo())
                    : Messages.ChangeSummary_moved(change.moveTo());
        }
        if (change.delete()) {
            return change.seen() ? Messages.ChangeSummary_seenAndDeleted() : Messages.ChangeSummary_deleted();
        }
        return Messages.ChangeSummary_seen();
    }
}
