package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * What to do with messages on the server.
 *
 * @param seen whether to mark them as seen
 * @param moveTo full name of the folder to move them to; null to leave them where they are
 * @param delete whether to delete them
 */
public record MailChange(boolean seen, @CheckForNull String moveTo, boolean delete) {

    /** @throws IllegalArgumentException if messages would be both moved and deleted */
    public MailChange {
        moveTo = moveTo == null || moveTo.isBlank() ? null : QueryRules.text("moveTo", moveTo.strip());
        if (delete && moveTo != null) {
            throw new IllegalArgumentException(Messages.MailChange_both());
        }
    }

    /** Whether this change does nothing. */
    public boolean nothing() {
        return !seen && moveTo == null && !delete;
    }
}
