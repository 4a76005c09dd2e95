package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.AdministrativeMonitor;
import io.jenkins.plugins.oauthmail.account.FailureText;
import java.time.Clock;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Warns on Manage Jenkins about accounts that do not work, certificates and secrets that expire soon, and credentials
 * that every job can use. The warning disappears once the problems are fixed.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class AttentionMonitor extends AdministrativeMonitor {
    private final Clock clock;

    /** Called by Jenkins. */
    public AttentionMonitor() {
        this(Clock.systemUTC());
    }

    AttentionMonitor(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String getDisplayName() {
        return Messages.AttentionMonitor_displayName();
    }

    @Override
    public boolean isActivated() {
        return !getProblems().isEmpty();
    }

    /** The problems, one sentence each. */
    @NonNull
    public List<String> getProblems() {
        return Problems.at(clock.instant()).stream().map(Problem::sentence).toList();
    }

    /** The problems, each with its fix first. */
    @NonNull
    public List<FailureText> getReasons() {
        return getProblems().stream().map(FailureText::of).toList();
    }
}
