package io.jenkins.plugins.oauthmail.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** What a job may do with an account: send or read. Each needs a delegated permission at sign-in. */
@Restricted(NoExternalUse.class)
public enum MailUse {
    SEND("SMTP.Send", "Mail.Send") {
        @Override
        public boolean isAllowed(MailAccount account, String jobFullName) {
            return account.maySend(jobFullName);
        }
    },
    READ("IMAP.AccessAsUser.All", "Mail.ReadWrite") {
        @Override
        public boolean isAllowed(MailAccount account, String jobFullName) {
            return account.mayRead(jobFullName);
        }
    };

    private final String permission;
    private final String graphPermission;

    MailUse(String permission, String graphPermission) {
        this.permission = permission;
        this.graphPermission = graphPermission;
    }

    /** The delegated permission that SMTP or IMAP requires, without the resource. */
    String permission() {
        return permission;
    }

    /**
     * The delegated permission that Microsoft Graph requires, without the resource.
     *
     * @param shared whether the mailbox belongs to somebody other than the person who signs in
     */
    String graphPermission(boolean shared) {
        return shared ? graphPermission + ".Shared" : graphPermission;
    }

    /** Whether the account allows it for the job with this full name. */
    public abstract boolean isAllowed(@NonNull MailAccount account, @NonNull String jobFullName);
}
