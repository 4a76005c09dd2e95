package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import hudson.tasks.MailMessageIdAction;
import java.util.Objects;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Uses the Mailer plugin. Without it Jenkins cannot instantiate this extension and ignores it. */
@Extension(optional = true)
@Restricted(NoExternalUse.class)
public final class MailerThread extends MailThread {
    /** Fails if the plugin is not installed. */
    public MailerThread() {
        Objects.requireNonNull(MailMessageIdAction.class);
    }

    @Override
    @CheckForNull
    String find(@NonNull Run<?, ?> build) {
        MailMessageIdAction action = build.getAction(MailMessageIdAction.class);
        return action == null ? null : action.messageId;
    }

    @Override
    void record(@NonNull Run<?, ?> build, @NonNull String messageId) {
        if (find(build) == null) {
            build.addAction(new MailMessageIdAction(messageId));
        }
    }
}
