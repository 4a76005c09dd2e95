package io.jenkins.plugins.oauthmail.steps;

import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Only loads builds that an earlier version of this plugin saved: the former name of {@link WaitForMailExecution}.
 *
 * @deprecated is only read
 */
@Deprecated
@Restricted(NoExternalUse.class)
final class MailWaiting extends MailReading {
    private static final long serialVersionUID = 1;

    /** Named and typed as they were saved. */
    long deadline;

    int count;
    boolean emptyOnTimeout;
    String account;
    String folder;
    String waitFor;

    MailWaiting(StepContext context) {
        super(context);
    }

    @Override
    Object readResolve() {
        return new WaitForMailExecution(this);
    }
}
