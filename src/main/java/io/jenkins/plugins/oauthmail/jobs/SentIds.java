package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.InvisibleAction;
import java.util.ArrayList;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * What {@link SentMessageIds} was called in builds that an earlier version of this plugin saved.
 *
 * @deprecated is only read
 */
@Deprecated
@Restricted(NoExternalUse.class)
final class SentIds extends InvisibleAction {
    @CheckForNull
    private ArrayList<Pair> pairs;

    private SentIds() {
        pairs = null;
    }

    private Object readResolve() {
        SentMessageIds ids = new SentMessageIds();
        if (pairs != null) {
            pairs.forEach(pair -> ids.addSaved(pair.kept, pair.requested));
        }
        return ids;
    }

    private static final class Pair {
        private final String kept;
        private final String requested;

        private Pair(String kept, String requested) {
            this.kept = kept;
            this.requested = requested;
        }
    }
}
