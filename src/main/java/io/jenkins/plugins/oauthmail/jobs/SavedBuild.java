package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import java.io.IOException;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Saves a build with what this plugin has recorded in it. */
@Restricted(NoExternalUse.class)
public final class SavedBuild {
    private static final int TRIES = 3;

    private SavedBuild() {}

    /**
     * Saves a build.
     *
     * @throws IOException if it cannot be saved, also if Jenkins reports that with an unchecked exception: another branch
     *     of a pipeline may be changing what another plugin has recorded, for which it is tried again
     */
    public static void save(@NonNull Run<?, ?> build) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                build.save();
                return;
            } catch (RuntimeException e) {
                if (attempt == TRIES) {
                    throw new IOException("Cannot save " + build + ": " + e.getMessage(), e);
                }
            }
        }
    }
}
