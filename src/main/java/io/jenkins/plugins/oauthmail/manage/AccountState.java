package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.account.AccountActivity;
import io.jenkins.plugins.oauthmail.account.AccountFailure;
import io.jenkins.plugins.oauthmail.account.Authorization;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.account.TokenSources;
import io.jenkins.plugins.oauthmail.config.Grant;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Date;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The state of an account, as shown on the page.
 *
 * @param account the account
 * @param level the kind of state
 * @param detail why it needs attention; null if it does not
 * @param authorization the valid authorization; null if there is none or the account needs none
 */
@Restricted(NoExternalUse.class)
public record AccountState(
        @NonNull MailAccount account,
        @NonNull Level level,
        @CheckForNull String detail,
        @CheckForNull Authorization authorization) {

    /** The kind of state. */
    public enum Level {
        WORKING,
        NOT_AUTHORIZED,
        NEEDS_ATTENTION
    }

    @NonNull
    static AccountState of(@NonNull MailAccount account, @NonNull Instant now) {
        Optional<OAuthApplication> application = OAuthMailConfiguration.get().application(account.getApplication());
        if (application.isEmpty()) {
            return needsAttention(account, Messages.AccountState_unknownApplication(account.getApplication()), null);
        }
        Authorization authorization = null;
        if (account.getGrant() == Grant.DELEGATED) {
            try {
                authorization = AuthorizationStore.get()
                        .find(account, application.get())
                        .orElse(null);
            } catch (UncheckedIOException e) {
                return needsAttention(account, Messages.AccountState_unreadable(), null);
            }
            if (authorization == null) {
                return new AccountState(account, Level.NOT_AUTHORIZED, null, null);
            }
            AccountFailure refresh = authorization.getTrouble();
            if (refresh != null && refresh.needsAttention(now)) {
                return needsAttention(account, refresh.getSentence(), authorization);
            }
            Optional<String> unsaved = TokenSources.get().unsavedBecause(account.getId());
            if (unsaved.isPresent()) {
                return needsAttention(account, Messages.AccountState_unsaved(unsaved.get()), authorization);
            }
            if (!authorization.isForMailResourceOf(application.get())) {
                return needsAttention(
                        account, Messages.AccountState_otherResource(account.getApplication()), authorization);
            }
            if (!authorization.getScopes().containsAll(application.get().scopesFor(account))) {
                return needsAttention(account, Messages.AccountState_scopes(), authorization);
            }
        }
        for (MailUse use : MailUse.values()) {
            AccountFailure trouble =
                    AccountActivity.get().trouble(account.getId(), use).orElse(null);
            // Failures of reading do not matter if no job may read any more.
            boolean done = use == MailUse.SEND || account.isReadable();
            if (trouble != null && done && trouble.needsAttention(now)) {
                return needsAttention(account, trouble.getSentence(), authorization);
            }
        }
        return new AccountState(account, Level.WORKING, null, authorization);
    }

    private static AccountState needsAttention(
            MailAccount account, String why, @CheckForNull Authorization authorization) {
        return new AccountState(account, Level.NEEDS_ATTENTION, why, authorization);
    }

    /** The state as text. */
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

    /** Whether there is a stored authorization that could be deleted, readable or not. */
    public boolean isForgettable() {
        return AuthorizationStore.get().accountIds().contains(account.getId());
    }

    /** Whether a person has to authorize the account. */
    public boolean isDelegated() {
        return account.getGrant() == Grant.DELEGATED;
    }

    /** The time of the sign-in; null if there is none. */
    @CheckForNull
    public Date getAuthorizedAt() {
        return authorization == null ? null : Date.from(authorization.getAuthorizedAt());
    }

    /** When its tokens were last renewed; null if there are none. */
    @CheckForNull
    public Date getRefreshedAt() {
        return authorization == null ? null : Date.from(authorization.getRefreshedAt());
    }

    /** When its access token expires; null if there was none since Jenkins started. */
    @CheckForNull
    public Date getGoodUntil() {
        return TokenSources.get().goodUntil(account.getId()).map(Date::from).orElse(null);
    }

    /** When a job last sent with the account; null for never. */
    @CheckForNull
    public Date getSentAt() {
        return last(MailUse.SEND);
    }

    /** When a job last read the mailbox; null for never. */
    @CheckForNull
    public Date getReadAt() {
        return last(MailUse.READ);
    }

    private Date last(MailUse use) {
        return AccountActivity.get().last(account.getId(), use).map(Date::from).orElse(null);
    }

    /** The last failure that has not been resolved since; null for none. It may be too minor to affect the state. */
    @CheckForNull
    public AccountFailure getTrouble() {
        return Stream.concat(
                        Stream.ofNullable(authorization).map(Authorization::getTrouble),
                        Stream.of(MailUse.values()).map(use -> AccountActivity.get()
                                .trouble(account.getId(), use)
                                .orElse(null)))
                .filter(Objects::nonNull)
                .max(Comparator.comparing(AccountFailure::getLast))
                .orElse(null);
    }

    /** The time of the last failure; null for none. */
    @CheckForNull
    public Date getTroubleAt() {
        AccountFailure trouble = getTrouble();
        return trouble == null ? null : Date.from(trouble.getLast());
    }

    // Jelly needs getters, which the accessors of a record are not.

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
