package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;

/** Why a build was started. */
public abstract class Cause {
    public abstract String getShortDescription();

    /** By somebody who is signed in. */
    public static class UserIdCause extends Cause {
        private final String userId;

        public UserIdCause(@CheckForNull String userId) {
            this.userId = userId;
        }

        @CheckForNull
        public String getUserId() {
            return userId;
        }

        @Override
        public String getShortDescription() {
            return "Started by user " + userId;
        }
    }

    /** By another build. */
    public static class UpstreamCause extends Cause {
        private final String project;
        private final int number;
        private final List<Cause> causes;

        public UpstreamCause(Run<?, ?> up) {
            this.project = up.getParent().getFullName();
            this.number = up.getNumber();
            this.causes = up.getCauses();
        }

        @NonNull
        public List<Cause> getUpstreamCauses() {
            return causes;
        }

        @Override
        public String getShortDescription() {
            return "Started by upstream project \"" + project + "\" build number " + number;
        }
    }
}
