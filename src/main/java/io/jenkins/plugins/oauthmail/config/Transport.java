package io.jenkins.plugins.oauthmail.config;

import java.util.function.Supplier;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** How the mail of an account is sent and read. */
@Restricted(NoExternalUse.class)
public enum Transport {
    SMTP_IMAP(Messages::Transport_smtpImap),
    GRAPH(Messages::Transport_graph);

    private final Supplier<String> displayName;

    Transport(Supplier<String> displayName) {
        this.displayName = displayName;
    }

    @Override
    public String toString() {
        return displayName.get();
    }
}
