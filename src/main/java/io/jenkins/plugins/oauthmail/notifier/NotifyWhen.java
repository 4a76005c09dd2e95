package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Result;
import hudson.model.Run;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jvnet.localizer.Localizable;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The builds after which the notifier sends. */
@Restricted(NoExternalUse.class)
public enum NotifyWhen {
    ALWAYS(Messages._NotifyWhen_always()) {
        @Override
        boolean matches(Result result, Result previous) {
            return true;
        }
    },
    SUCCESS(Messages._NotifyWhen_success()) {
        @Override
        boolean matches(Result result, Result previous) {
            return result == Result.SUCCESS;
        }
    },
    UNSTABLE(Messages._NotifyWhen_unstable()) {
        @Override
        boolean matches(Result result, Result previous) {
            return result == Result.UNSTABLE;
        }
    },
    FAILURE(Messages._NotifyWhen_failure()) {
        @Override
        boolean matches(Result result, Result previous) {
            return result == Result.FAILURE;
        }
    },
    ABORTED(Messages._NotifyWhen_aborted()) {
        @Override
        boolean matches(Result result, Result previous) {
            return result == Result.ABORTED;
        }
    },
    FIRST_FAILURE(Messages._NotifyWhen_firstFailure()) {
        @Override
        boolean matches(Result result, Result previous) {
            return result == Result.FAILURE && previous != Result.FAILURE;
        }
    },
    FIXED(Messages._NotifyWhen_fixed()) {
        @Override
        boolean matches(Result result, Result previous) {
            return result == Result.SUCCESS && previous != Result.SUCCESS && previous != null;
        }
    },
    CHANGED(Messages._NotifyWhen_changed()) {
        @Override
        boolean matches(Result result, Result previous) {
            return previous != null && result != previous;
        }
    },
    STILL_FAILING(Messages._NotifyWhen_stillFailing()) {
        @Override
        boolean matches(Result result, Result previous) {
            return result == Result.FAILURE && previous == Result.FAILURE;
        }
    },
    REGRESSION(Messages._NotifyWhen_regression()) {
        @Override
        boolean matches(Result result, Result previous) {
            return previous != null && hasVerdict(result) && result.isWorseThan(previous);
        }
    },
    IMPROVEMENT(Messages._NotifyWhen_improvement()) {
        @Override
        boolean matches(Result result, Result previous) {
            return previous != null && hasVerdict(result) && previous.isWorseThan(result);
        }
    };

    /** Each build is loaded from disk, so the beginning of a longer row of failures is not looked for. */
    private static final int MAX_ROW = 1000;

    private static final Pattern SEPARATOR = Pattern.compile("[\\s,;]+");

    private final Localizable displayName;

    NotifyWhen(Localizable displayName) {
        this.displayName = displayName;
    }

    /**
     * Parses a list of names.
     *
     * @param names names, separated by commas; null or blank for {@link #ALWAYS}
     * @throws IllegalArgumentException with a message that lists all names, if a name is unknown
     */
    @NonNull
    static Set<NotifyWhen> parse(@CheckForNull String names) {
        Set<NotifyWhen> found = EnumSet.noneOf(NotifyWhen.class);
        for (String name : SEPARATOR.split(names == null ? "" : names)) {
            if (!name.isEmpty()) {
                found.add(named(name));
            }
        }
        return found.isEmpty() ? EnumSet.of(ALWAYS) : found;
    }

    private static NotifyWhen named(String name) {
        String constant = name.toUpperCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(when -> when.name().equals(constant))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        Messages.NotifyWhen_unknown(name, join(EnumSet.allOf(NotifyWhen.class)))));
    }

    /** Joins the names in the format of {@link #parse}. */
    @NonNull
    static String join(@NonNull Collection<NotifyWhen> some) {
        return some.stream().map(NotifyWhen::name).collect(Collectors.joining(", "));
    }

    /**
     * @param result result of the build so far
     * @param previous result of the previous build that was neither aborted nor not built; null if there is none
     */
    abstract boolean matches(Result result, Result previous);

    /** Whether a notification is due after this build. */
    boolean matches(@NonNull Run<?, ?> build) {
        return matches(soFar(build), before(build));
    }

    /**
     * Whether this build is a failure, and the number of failures in a row is a multiple of n.
     *
     * @param n 1 or more
     */
    static boolean isNthFailure(@NonNull Run<?, ?> build, int n) {
        if (soFar(build) != Result.FAILURE) {
            return false;
        }
        int row = 1;
        for (Run<?, ?> before = verdictBefore(build);
                before != null && before.getResult() == Result.FAILURE;
                before = verdictBefore(before)) {
            if (++row > MAX_ROW) {
                // Of so many, no one knows the first one any more; it is still every nth build.
                return build.getNumber() % n == 0;
            }
        }
        return row % n == 0;
    }

    /** Whether its name is in a text, whatever separates the names there. */
    boolean isIn(@NonNull String names) {
        return Arrays.asList(names.split("\\W+")).contains(name());
    }

    /** The result so far: a running build has one only if something went wrong. */
    @NonNull
    static Result soFar(@NonNull Run<?, ?> build) {
        Result result = build.getResult();
        return result == null ? Result.SUCCESS : result;
    }

    /**
     * The previous result. Builds that were aborted or not built say nothing about the sources, so they do not
     * interrupt a row of failures.
     */
    @CheckForNull
    private static Result before(Run<?, ?> build) {
        Run<?, ?> before = verdictBefore(build);
        return before == null ? null : before.getResult();
    }

    /** The previous build that says something about the sources; null if there is none. */
    @CheckForNull
    static Run<?, ?> verdictBefore(@NonNull Run<?, ?> build) {
        Run<?, ?> before = build.getPreviousCompletedBuild();
        while (before != null && !hasVerdict(before.getResult())) {
            before = before.getPreviousCompletedBuild();
        }
        return before;
    }

    private static boolean hasVerdict(@CheckForNull Result result) {
        return result == Result.SUCCESS || result == Result.UNSTABLE || result == Result.FAILURE;
    }

    /** The name shown in forms and the build log. */
    @Override
    public String toString() {
        return displayName.toString();
    }
}
