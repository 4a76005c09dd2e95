package io.jenkins.plugins.oauthmail.steps;

import java.util.ArrayList;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Only loads builds that an earlier version of this plugin saved: the former name of {@link ReadMailExecution}.
 *
 * @deprecated is only read
 */
@Deprecated
@Restricted(NoExternalUse.class)
class MailReading extends StepExecution {
    private static final long serialVersionUID = 1;

    /** Named and typed as they were saved. */
    OAuthMailReadStep step;

    volatile ArrayList<Map<String, Object>> found;

    MailReading(StepContext context) {
        super(context);
    }

    @Override
    public final boolean start() {
        throw new IllegalStateException(getClass().getName());
    }

    /** The execution that continues in its place. */
    Object readResolve() {
        return new ReadMailExecution(step, getContext(), found);
    }
}
