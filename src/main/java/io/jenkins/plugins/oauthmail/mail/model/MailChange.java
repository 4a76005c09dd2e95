package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * What to do with mails on the server.
 *
 * @param seen mark them as seen
 * @param moveTo full name of the folder to move them to, or null
 * @param delete delete them
 */
public record MailChange(boolean seen, @CheckForNull String moveTo, boolean delete) {

    /** @throws IllegalArgumentException if mails would be moved and deleted */
    public MailChange {
        moveTo = moveTo == null || moveTo.isBlank() ? null : QueryRules.text("moveTo", moveTo.strip());
        if (delete && moveTo != null) {
            throw new IllegalArgumentException(Messages.MailChange_both());
        }
    }

    /** Whether nothing is to be changed. */
    public boolean nothing() {
        return !seen && moveTo == null && !delete;
    }
}
