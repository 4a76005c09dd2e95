package io.jenkins.plugins.oauthmail.config;

import edu.umd.cs.findbugs.annotations.NonNull;

/** What a job may be allowed to do with an account, and what a person allows Jenkins at the sign-in. */
public enum MailUse {
    SEND {
        @Override
        String scope(Cloud cloud) {
            return cloud.sendScope();
        }

        @Override
        public boolean isAllowed(MailAccount account, String jobFullName) {
            return account.maySend(jobFullName);
        }
    },
    READ {
        @Override
        String scope(Cloud cloud) {
            return cloud.readScope();
        }

        @Override
        public boolean isAllowed(MailAccount account, String jobFullName) {
            return account.mayRead(jobFullName);
        }
    };

    /** The delegated permission that covers it. */
    abstract String scope(Cloud cloud);

    /** Whether the account lets the job of this full name do it. */
    public abstract boolean isAllowed(@NonNull MailAccount account, @NonNull String jobFullName);
}
