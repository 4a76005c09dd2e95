package io.jenkins.plugins.oauthmail.trigger;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Cause;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The cause of a build started by mail. */
@Restricted(NoExternalUse.class)
public final class MailCause extends Cause {
    private final String from;
    private final String subject;

    MailCause(@NonNull ArrivedMail mail) {
        from = mail.getFrom();
        subject = mail.getSubject();
    }

    /** The address in From. */
    @NonNull
    public String getFrom() {
        return from;
    }

    @NonNull
    public String getSubject() {
        return subject;
    }

    @NonNull
    @Override
    public String getShortDescription() {
        return Messages.MailCause_description(from, subject);
    }
}
