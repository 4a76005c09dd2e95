package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Result;
import hudson.model.Run;

/** After which builds the notifier sends. */
public enum NotifyWhen {
    ALWAYS("after every build") {
        @Override
        boolean matches(Result result, Result previous) {
            return true;
        }
    },
    SUCCESS("after success") {
        @Override
        boolean matches(Result result, Result previous) {
            return result == Result.SUCCESS;
        }
    },
    UNSTABLE("after an unstable build") {
        @Override
        boolean matches(Result result, Result previous) {
            return result == Result.UNSTABLE;
        }
    },
    FAILURE("after failure") {
        @Override
        boolean matches(Result result, Result previous) {
            return result == Result.FAILURE;
        }
    },
    ABORTED("after an aborted build") {
        @Override
        boolean matches(Result result, Result previous) {
            return result == Result.ABORTED;
        }
    },
    FIRST_FAILURE("after the first failure in a row") {
        @Override
        boolean matches(Result result, Result previous) {
            return result == Result.FAILURE && previous != Result.FAILURE;
        }
    },
    FIXED("after the first success in a row that follows something else") {
        @Override
        boolean matches(Result result, Result previous) {
            return result == Result.SUCCESS && previous != Result.SUCCESS && previous != null;
        }
    },
    CHANGED("when the result differs from the build before") {
        @Override
        boolean matches(Result result, Result previous) {
            return previous != null && result != previous;
        }
    };

    private final String displayName;

    NotifyWhen(String displayName) {
        this.displayName = displayName;
    }

    /**
     * @param result of the build as far as it has come
     * @param previous of the last completed build before it, null if there is none
     */
    abstract boolean matches(Result result, Result previous);

    /** Whether this build is one of them. */
    boolean matches(@NonNull Run<?, ?> build) {
        Run<?, ?> before = build.getPreviousCompletedBuild();
        return matches(soFar(build), before == null ? null : before.getResult());
    }

    /** A build that is still running has a result only if something went wrong. */
    @NonNull
    static Result soFar(@NonNull Run<?, ?> build) {
        Result result = build.getResult();
        return result == null ? Result.SUCCESS : result;
    }

    @Override
    public String toString() {
        return displayName;
    }
}
