package io.jenkins.plugins.oauthmail.config;

import edu.umd.cs.findbugs.annotations.NonNull;

/** What a job may be allowed to do with an account, and what a person allows Jenkins at the sign-in. */
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

    /** The delegated permission that covers it, without the resource in front. */
    String permission() {
        return permission;
    }

    /** Whether the account lets the job of this full name do it. */
    public abstract boolean isAllowed(@NonNull MailAccount account, @NonNull String jobFullName);
}
