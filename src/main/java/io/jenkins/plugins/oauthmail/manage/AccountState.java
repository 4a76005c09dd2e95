package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.account.AccountActivity;
import io.jenkins.plugins.oauthmail.account.AccountFailure;
import io.jenkins.plugins.oauthmail.account.Authorization;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.account.FailureText;
import io.jenkins.plugins.oauthmail.account.TokenSources;
import io.jenkins.plugins.oauthmail.config.Grant;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
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

    /** The kind of state: what is known of the account, and no more. */
    public enum Level {
        /** It last sent or read mail, or passed a test, without a failure since. */
        WORKING("symbol-check", "jenkins-!-success-color"),
        /** Nothing is known against it, but it has not been used or tested either. */
        NOT_TESTED("symbol-help-circle", "jenkins-!-text-color-secondary"),
        /** Its last use failed for a reason that may be temporary. */
        FAILING("symbol-warning", "jenkins-!-warning-color"),
        /** Nobody has signed in yet. */
        NOT_AUTHORIZED("symbol-warning", "jenkins-!-warning-color"),
        /** It does not work until somebody fixes it. */
        NEEDS_ATTENTION("symbol-close-circle", "jenkins-!-error-color");

        private final String icon;
        private final String color;

        Level(String icon, String color) {
            this.icon = icon;
            this.color = color;
        }

        /** Whether an administrator has to do something. */
        boolean isProblem() {
            return this == NOT_AUTHORIZED || this == NEEDS_ATTENTION;
        }
    }

    @NonNull
    static AccountState of(@NonNull MailAccount account) {
        // Failures of reading do not matter if no job may read any more.
        return of(account, uses(account).toList(), AccountState::problem);
    }

    /** The state as far as it matters to those who send. */
    @NonNull
    static AccountState ofSending(@NonNull MailAccount account) {
        return of(account, List.of(MailUse.SEND), AccountState::hindrance);
    }

    /** Whether sending is worth a try: earlier failures do not count, since one may have been about a single message. */
    static boolean maySend(@NonNull MailAccount account) {
        return !of(account, List.of(), AccountState::hindrance).level().isProblem();
    }

    /** Finds what is wrong with an authorization; null if nothing is. */
    private interface Check {
        @CheckForNull
        String problem(MailAccount account, OAuthApplication application, Authorization authorization);
    }

    private static AccountState of(MailAccount account, List<MailUse> uses, Check check) {
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
            String problem = check.problem(account, application.get(), authorization);
            if (problem != null) {
                return needsAttention(account, problem, authorization);
            }
        }
        return used(account, uses, authorization);
    }

    /** What is wrong with the authorization; null if nothing is. */
    @CheckForNull
    private static String problem(MailAccount account, OAuthApplication application, Authorization authorization) {
        String hindrance = hindrance(account, application, authorization);
        if (hindrance != null) {
            return hindrance;
        }
        Optional<String> unsaved = TokenSources.get().unsavedBecause(account.getId());
        if (unsaved.isPresent()) {
            return Messages.AccountState_unsaved(unsaved.get());
        }
        return authorization.getScopes().containsAll(application.scopesFor(account))
                ? null
                : Messages.AccountState_scopes();
    }

    /** What is wrong with the authorization and keeps jobs from sending; null if nothing does. */
    @CheckForNull
    private static String hindrance(MailAccount account, OAuthApplication application, Authorization authorization) {
        AccountFailure refresh = authorization.getTrouble();
        if (refresh != null && refresh.needsAttention()) {
            return refresh.getSentence();
        }
        if (authorization.isForMailResourceOf(account, application)) {
            return null;
        }
        return application.areForOtherTransport(account, authorization.getScopes())
                ? Messages.AccountState_otherTransport(account.getTransport())
                : Messages.AccountState_otherResource(account.getApplication());
    }

    /** The state as far as jobs and tests have found out. */
    private static AccountState used(
            MailAccount account, List<MailUse> uses, @CheckForNull Authorization authorization) {
        AccountFailure failure = worst(Stream.concat(
                failuresOf(authorization),
                uses.stream().flatMap(use -> AccountActivity.get().trouble(account.getId(), use).stream())));
        if (failure != null) {
            return failure.needsAttention()
                    ? needsAttention(account, failure.getSentence(), authorization)
                    : new AccountState(account, Level.FAILING, failure.getSentence(), authorization);
        }
        boolean works = uses.stream()
                .anyMatch(use ->
                        AccountActivity.get().worksSince(account.getId(), use).isPresent());
        return new AccountState(account, works ? Level.WORKING : Level.NOT_TESTED, null, authorization);
    }

    private static Stream<AccountFailure> failuresOf(@CheckForNull Authorization authorization) {
        return authorization == null ? Stream.empty() : Stream.ofNullable(authorization.getTrouble());
    }

    private static Stream<MailUse> uses(MailAccount account) {
        return Stream.of(MailUse.values()).filter(use -> use == MailUse.SEND || account.isReadable());
    }

    @CheckForNull
    private static AccountFailure latest(Stream<AccountFailure> failures) {
        return failures.max(Comparator.comparing(AccountFailure::getLast)).orElse(null);
    }

    /** The failure that most needs attention; null if there is none. */
    @CheckForNull
    private static AccountFailure worst(Stream<AccountFailure> failures) {
        return failures.max(Comparator.<AccountFailure, Boolean>comparing(failure -> failure.needsAttention())
                        .thenComparing(AccountFailure::getLast))
                .orElse(null);
    }

    private static AccountState needsAttention(
            MailAccount account, String why, @CheckForNull Authorization authorization) {
        return new AccountState(account, Level.NEEDS_ATTENTION, why, authorization);
    }

    /** The state in a word or two. */
    @NonNull
    public String getText() {
        return switch (level) {
            case WORKING -> Messages.AccountState_working();
            case NOT_TESTED -> Messages.AccountState_notTested();
            case FAILING -> Messages.AccountState_failing();
            case NOT_AUTHORIZED -> Messages.AccountState_notAuthorized();
            case NEEDS_ATTENTION -> Messages.AccountState_needsAttention();
        };
    }

    /** Why it needs attention, for a page; null if it does not. */
    @CheckForNull
    public FailureText getReason() {
        return FailureText.ofNullable(detail);
    }

    /** The icon of the state. */
    @NonNull
    public String getIcon() {
        return level.icon;
    }

    /** The CSS class with the color of the icon. */
    @NonNull
    public String getColor() {
        return level.color;
    }

    /** Since when it works in every way in which it is known to work; null if that is unknown. */
    @CheckForNull
    public Date getWorksSince() {
        return level != Level.WORKING
                ? null
                : uses(account)
                        .flatMap(use -> AccountActivity.get().worksSince(account.getId(), use).stream())
                        .max(Comparator.naturalOrder())
                        .map(Date::from)
                        .orElse(null);
    }

    /** Whether there is a stored authorization that could be deleted, readable or not. */
    public boolean isForgettable() {
        return AuthorizationStore.get().accountIds().contains(account.getId());
    }

    /** Whether pressing <i>Authorize</i> is the next thing to do. */
    public boolean isAuthorizationNeeded() {
        return isDelegated()
                && (level == Level.NOT_AUTHORIZED
                        || (level == Level.NEEDS_ATTENTION && authorization != null && isAuthorizationFaulty()));
    }

    private boolean isAuthorizationFaulty() {
        return OAuthMailConfiguration.get()
                .application(account.getApplication())
                .filter(application -> problem(account, application, authorization) != null)
                .isPresent();
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

    /** When a job last sent or read with the account; null for never. */
    @CheckForNull
    public Date getLastMailAt() {
        return Stream.of(MailUse.values())
                .flatMap(use -> AccountActivity.get().last(account.getId(), use).stream())
                .max(Comparator.naturalOrder())
                .map(Date::from)
                .orElse(null);
    }

    private Date last(MailUse use) {
        return AccountActivity.get().last(account.getId(), use).map(Date::from).orElse(null);
    }

    /** The last failure that has not been resolved since; null for none. It may be too minor to affect the state. */
    @CheckForNull
    public AccountFailure getTrouble() {
        return latest(Stream.concat(
                failuresOf(authorization),
                Stream.of(MailUse.values())
                        .flatMap(use -> AccountActivity.get().trouble(account.getId(), use).stream())));
    }

    /** The last failure, unless it is the reason of the state; null for none. */
    @CheckForNull
    public FailureText getOtherTrouble() {
        AccountFailure trouble = getTrouble();
        return trouble == null || trouble.getSentence().equals(detail) ? null : FailureText.of(trouble.getSentence());
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
