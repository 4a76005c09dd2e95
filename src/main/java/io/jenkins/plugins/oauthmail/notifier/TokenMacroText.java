package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.FilePath;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import java.io.IOException;
import java.util.Objects;
import org.jenkinsci.plugins.tokenmacro.MacroEvaluationException;
import org.jenkinsci.plugins.tokenmacro.TokenMacro;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Uses the Token Macro plugin. Without it Jenkins cannot instantiate this extension and ignores it. */
@Extension(optional = true)
@Restricted(NoExternalUse.class)
public final class TokenMacroText extends MacroText {
    /** Fails if the plugin is not installed. */
    public TokenMacroText() {
        Objects.requireNonNull(TokenMacro.class);
    }

    @Override
    @CheckForNull
    String value(
            @NonNull String macro,
            @NonNull Run<?, ?> build,
            @CheckForNull FilePath workspace,
            @NonNull TaskListener listener)
            throws IOException, InterruptedException {
        try {
            return TokenMacro.expand(build, workspace, listener, macro);
        } catch (MacroEvaluationException e) {
            listener.getLogger().println(OneLine.of(Messages.TokenMacroText_kept(macro, e.getMessage())));
            return null;
        }
    }
}
