package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.config.Authorization;
import io.jenkins.plugins.oauthmail.config.AuthorizationStore;
import io.jenkins.plugins.oauthmail.config.Grant;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import java.io.UncheckedIOException;
import java.util.Date;
import java.util.Optional;

/**
 * How an account stands, as the page shows it.
 *
 * @param account whose state it is
 * @param level what kind of state
 * @param detail why, if it needs attention; null otherwise
 * @param authorization the sign-in that counts; null if there is none or the account needs none
 */
public record AccountState(
        @NonNull MailAccount account,
        @NonNull Level level,
        @CheckForNull String detail,
        @CheckForNull Authorization authorization) {

    /** What there is to do. */
    public enum Level {
        WORKING,
        NOT_AUTHORIZED,
        NEEDS_ATTENTION
    }

    @NonNull
    static AccountState of(@NonNull MailAccount account) {
        Optional<OAuthApplication> application = OAuthMailConfiguration.get().application(account.getApplication());
        if (application.isEmpty()) {
            return needsAttention(account, Messages.AccountState_unknownApplication(account.getApplication()), null);
        }
        if (account.getGrant() == Grant.APPLICATION) {
            return new AccountState(account, Level.WORKING, null, null);
        }
        Optional<Authorization> found;
        try {
            found = AuthorizationStore.get().find(account, application.get());
        } catch (UncheckedIOException e) {
            return needsAttention(account, Messages.AccountState_unreadable(), null);
        }
        if (found.isEmpty()) {
            return new AccountState(account, Level.NOT_AUTHORIZED, null, null);
        }
        Authorization authorization = found.get();
        if (authorization.getLastError() != null) {
            return needsAttention(account, authorization.getLastError(), authorization);
        }
        if (!authorization.getScopes().containsAll(application.get().scopesFor(account))) {
            return needsAttention(account, Messages.AccountState_scopes(), authorization);
        }
        return new AccountState(account, Level.WORKING, null, authorization);
    }

    private static AccountState needsAttention(MailAccount account, String why, Authorization authorization) {
        return new AccountState(account, Level.NEEDS_ATTENTION, why, authorization);
    }

    /** The state in words. */
    @NonNull
    public String getText() {
        return switch (level) {
            case WORKING ->
                account.getGrant() == Grant.APPLICATION
                        ? Messages.AccountState_application()
                        : Messages.AccountState_working();
            case NOT_AUTHORIZED -> Messages.AccountState_notAuthorized();
            case NEEDS_ATTENTION -> Messages.AccountState_needsAttention();
        };
    }

    /** Whether something is stored that could be forgotten, readable or not. */
    public boolean isForgettable() {
        return AuthorizationStore.get().accountIds().contains(account.getId());
    }

    /** Whether a person authorizes it. */
    public boolean isDelegated() {
        return account.getGrant() == Grant.DELEGATED;
    }

    /** When the sign-in was; null if there is none. */
    @CheckForNull
    public Date getAuthorizedAt() {
        return authorization == null ? null : Date.from(authorization.getAuthorizedAt());
    }

    /** When its tokens were last renewed; null if there are none. */
    @CheckForNull
    public Date getRefreshedAt() {
        return authorization == null ? null : Date.from(authorization.getRefreshedAt());
    }

    // Jelly reads properties, which the accessors of a record are not.

    @NonNull
    public MailAccount getAccount() {
        return account;
    }

    @NonNull
    public Level getLevel() {
        return level;
    }

    @CheckForNull
    public String getDetail() {
        return detail;
    }

    @CheckForNull
    public Authorization getAuthorization() {
        return authorization;
    }
}
