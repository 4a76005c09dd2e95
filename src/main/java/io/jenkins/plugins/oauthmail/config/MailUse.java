package io.jenkins.plugins.oauthmail.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** What a job may do with an account: send or read. Each needs a delegated permission at sign-in. */
@Restricted(NoExternalUse.class)
public enum MailUse {
    SEND("SMTP.Send") {
        @Override
        public boolean isAllowed(MailAccount account, String jobFullName) {
            return account.maySend(jobFullName);
        }
    },
    READ("IMAP.AccessAsUser.All") {
        @Override
        public boolean isAllowed(MailAccount account, String jobFullName) {
            return account.mayRead(jobFullName);
        }
    };

    private final String permission;

    MailUse(String permission) {
        this.permission = permission;
    }

    /** The required delegated permission, without the resource. */
    String permission() {
        return permission;
    }

    /** Whether the account allows it for the job with this full name. */
    public abstract boolean isAllowed(@NonNull MailAccount account, @NonNull String jobFullName);
}
