package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.AdministrativeMonitor;
import io.jenkins.plugins.oauthmail.config.ClientAuthentication;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Warns on Manage Jenkins of accounts that do not work and of certificates that soon will not. It ends with its cause. */
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

    /** What is wrong, one sentence each. */
    @NonNull
    public List<String> getProblems() {
        List<String> problems = new ArrayList<>();
        OAuthMailConfiguration.get().getAccounts().stream()
                .map(AccountState::of)
                .filter(state -> state.level() != AccountState.Level.WORKING)
                .forEach(state -> problems.add(
                        state.detail() == null
                                ? Messages.AttentionMonitor_state(
                                        state.account().getId(), state.getText())
                                : Messages.AttentionMonitor_detail(
                                        state.account().getId(), state.detail())));
        for (OAuthApplication application : OAuthMailConfiguration.get().getApplications()) {
            application
                    .getClientAuthentication()
                    .expiry()
                    .filter(end -> end.isBefore(clock.instant().plus(ClientAuthentication.WARNING_TIME)))
                    .ifPresent(end -> problems.add(expiry(application, end)));
        }
        return problems;
    }

    private String expiry(OAuthApplication application, Instant end) {
        String day = end.atOffset(ZoneOffset.UTC).toLocalDate().toString();
        return end.isBefore(clock.instant())
                ? Messages.AttentionMonitor_expired(application.getId(), day)
                : Messages.AttentionMonitor_expires(
                        application.getId(),
                        day,
                        Duration.between(clock.instant(), end).toDays());
    }
}
