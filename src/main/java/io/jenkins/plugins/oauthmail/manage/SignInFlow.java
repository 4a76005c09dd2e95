package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.account.AccountActivity;
import io.jenkins.plugins.oauthmail.account.Authorization;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.account.TokenSources;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.token.AuthorizationRequest;
import io.jenkins.plugins.oauthmail.token.Registration;
import io.jenkins.plugins.oauthmail.token.SignIn;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * From <i>Authorize</i> to a stored authorization. The caller has checked the permission; what cannot be done comes back
 * as a {@link TokenFailure} or a {@link Notice} with a sentence for the admin.
 */
final class SignInFlow {
    private static final Logger LOGGER = Logger.getLogger(SignInFlow.class.getName());

    private final Clock clock;

    SignInFlow(Clock clock) {
        this.clock = clock;
    }

    /**
     * Begins a sign-in.
     *
     * @param admin id of the user who presses <i>Authorize</i>
     * @return where to send the browser
     * @throws TokenFailure if the account cannot be authorized as it is configured
     */
    @NonNull
    URI begin(@NonNull MailAccount account, @NonNull String admin, @NonNull HttpSession session) throws TokenFailure {
        OAuthApplication application = TokenSources.applicationOf(account);
        String redirectUri = OAuthMailConfiguration.get().redirectUri();
        String problem = OAuthMailConfiguration.get().redirectProblem();
        if (problem != null) {
            throw new TokenFailure(TokenFailure.Kind.REQUEST_REFUSED, problem);
        }
        AuthorizationRequest request = AuthorizationRequest.create(
                application.registration(),
                redirectUri,
                application.scopesFor(account),
                application.extraScopes(),
                account.signInName(),
                clock);
        PendingSignIns.of(session).add(new PendingSignIns.Pending(account, application, admin, request));
        return request.url();
    }

    /**
     * Ends a sign-in with the code that the identity provider gave.
     *
     * @return what the page is to say; a refusal leaves the earlier authorization in force
     */
    @NonNull
    Notice finish(@NonNull PendingSignIns.Pending pending, @NonNull String code) throws InterruptedException {
        MailAccount account = pending.account();
        OAuthApplication application = pending.application();
        try {
            Registration registration = application.registration();
            SignIn signIn = pending.request().redeem(registration, code, TokenSources.httpClient());
            if (!CaseFolding.equalsAscii(signIn.username(), account.signInName())) {
                return Notice.problem(
                        Messages.SignInFlow_wrongPerson(signIn.username(), account.getId(), account.signInName()));
            }
            return store(
                    new Authorization(
                            account, application, signIn, pending.request().scopes(), pending.admin(), clock.instant()),
                    signIn);
        } catch (TokenFailure failure) {
            return refused(pending, failure);
        }
    }

    /** What to say of a sign-in that came to nothing. */
    @NonNull
    static Notice refused(@NonNull PendingSignIns.Pending pending, @NonNull TokenFailure failure) {
        String id = pending.account().getId();
        boolean before;
        try {
            before = AuthorizationStore.get()
                    .find(pending.account(), pending.application())
                    .isPresent();
        } catch (UncheckedIOException unreadable) {
            before = false;
        }
        return Notice.problem(
                before
                        ? Messages.SignInFlow_refusedAgain(id, failure.messageWithIds())
                        : Messages.SignInFlow_refused(id, failure.messageWithIds()));
    }

    private Notice store(Authorization authorization, SignIn signIn) {
        AuthorizationStore store = AuthorizationStore.get();
        String id = authorization.getAccount();
        // What was authorized is compared with what is configured now: both may have changed while the admin signed in.
        MailAccount account = OAuthMailConfiguration.get().account(id).orElse(null);
        OAuthApplication application = account == null
                ? null
                : OAuthMailConfiguration.get()
                        .application(account.getApplication())
                        .orElse(null);
        if (application == null || !authorization.isFor(account, application)) {
            return Notice.problem(Messages.SignInFlow_changed(id));
        }
        Optional<Authorization> earlier;
        try {
            earlier = store.find(account, application);
        } catch (UncheckedIOException unreadable) {
            // Whom it pinned is not known, so it must not be replaced by just anybody.
            return Notice.problem(unreadable.getMessage());
        }
        if (earlier.isPresent() && !earlier.get().isSamePerson(signIn)) {
            return Notice.problem(Messages.SignInFlow_otherPerson(
                    signIn.username(), id, earlier.get().getUsername()));
        }
        try {
            store.put(authorization);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Cannot store the authorization of mail account " + id, e);
            return Notice.problem(Messages.SignInFlow_notStored(id));
        }
        for (MailUse use : MailUse.values()) {
            AccountActivity.get().works(id, use);
        }
        LOGGER.info(() -> "Mail account " + id + " was authorized as " + signIn.username() + " by "
                + authorization.getAuthorizedBy());
        return Notice.success(Messages.SignInFlow_authorized(id, signIn.username()));
    }
}
