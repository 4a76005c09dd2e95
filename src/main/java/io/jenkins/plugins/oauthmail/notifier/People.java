package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Cause;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.User;
import hudson.scm.ChangeLogSet;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.scm.RunWithSCM;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

/** Finds the users related to a build. */
final class People {
    /** Each build is loaded from disk, so very long rows of failures are not followed to the end. */
    private static final int MAX_BUILDS = 100;

    private static final Logger LOGGER = Logger.getLogger(People.class.getName());

    private People() {}

    /** What failed to say who belongs to the build is reported in the build log. */
    private static void failed(TaskListener listener, Throwable e) {
        LOGGER.log(Level.WARNING, "Cannot find people to notify", e);
        listener.getLogger().println(Messages.People_failed(OptionalPart.reason(e)));
    }

    /** The users who started the build, or the build that caused it. */
    @NonNull
    static Set<User> requestors(@NonNull Run<?, ?> build, @NonNull TaskListener listener) {
        Set<User> found = new LinkedHashSet<>();
        try {
            addRequestors(build.getCauses(), found);
        } catch (RuntimeException | LinkageError e) {
            failed(listener, e);
        }
        return found;
    }

    private static void addRequestors(List<Cause> causes, Set<User> found) {
        for (Cause cause : causes) {
            if (cause instanceof Cause.UserIdCause started && started.getUserId() != null) {
                User user = User.getById(started.getUserId(), false);
                if (user != null) {
                    found.add(user);
                }
            } else if (cause instanceof Cause.UpstreamCause upstream) {
                addRequestors(upstream.getUpstreamCauses(), found);
            }
        }
    }

    /** The users who may have broken the build: everybody with a change since the last successful build. */
    @NonNull
    static Collection<User> culprits(@NonNull Run<?, ?> build, @NonNull TaskListener listener) {
        try {
            return build instanceof RunWithSCM<?, ?> sources ? sources.getCulprits() : Set.of();
        } catch (RuntimeException | LinkageError e) {
            failed(listener, e);
            return Set.of();
        }
    }

    /** The users with a change in this build or in one of those before it, back to the last successful one. */
    @NonNull
    static Set<User> committers(@NonNull Run<?, ?> build, @NonNull TaskListener listener) {
        Set<User> found = new LinkedHashSet<>();
        addCommitters(build, found, listener);
        Run<?, ?> before = build.getPreviousBuild();
        for (int builds = 1; builds < MAX_BUILDS && before != null && before.getResult() != Result.SUCCESS; builds++) {
            addCommitters(before, found, listener);
            before = before.getPreviousBuild();
        }
        return found;
    }

    private static void addCommitters(Run<?, ?> build, Set<User> found, TaskListener listener) {
        if (!(build instanceof RunWithSCM<?, ?> sources)) {
            return;
        }
        try {
            for (ChangeLogSet<? extends ChangeLogSet.Entry> changes : sources.getChangeSets()) {
                for (ChangeLogSet.Entry change : changes) {
                    addAuthor(change, found, listener);
                }
            }
        } catch (RuntimeException | LinkageError e) {
            failed(listener, e);
        }
    }

    private static void addAuthor(ChangeLogSet.Entry change, Set<User> found, TaskListener listener) {
        try {
            found.add(change.getAuthor());
        } catch (RuntimeException | LinkageError e) {
            failed(listener, e);
        }
    }

    /**
     * Whether the user has permission to see the build in Jenkins. A commit can name anybody as its author, and reports
     * must not be sent to strangers.
     */
    static boolean maySee(@NonNull User person, @NonNull Run<?, ?> build) {
        return maySee(person, build, false);
    }

    /** @param stranger the result for somebody without an account */
    static boolean maySee(@NonNull User person, @NonNull Run<?, ?> build, boolean stranger) {
        if (!Jenkins.get().isUseSecurity()) {
            return true;
        }
        try {
            return build.getACL().hasPermission2(person.impersonate2(), Item.READ);
        } catch (UsernameNotFoundException noAccount) {
            return stranger;
        } catch (AuthenticationException e) {
            return false;
        }
    }
}
