package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.account.Authorization;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.account.TokenSources;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import io.jenkins.plugins.oauthmail.token.entra.AuthorizationRequest;
import io.jenkins.plugins.oauthmail.token.entra.Registration;
import io.jenkins.plugins.oauthmail.token.entra.SignIn;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.util.ClientHttpRedirect;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * The sign-in from <i>Authorize</i> to a stored authorization. Callers must have checked the permission; failures are
 * reported as a {@link TokenFailure} or a {@link Notice} for the administrator.
 */
final class SignInFlow {
    private static final Logger LOGGER = Logger.getLogger(SignInFlow.class.getName());

    private final Clock clock;

    SignInFlow(Clock clock) {
        this.clock = clock;
    }

    /**
     * Redirects the browser to the identity provider to sign in.
     *
     * @param request of the user who pressed <i>Authorize</i>
     * @param way how the answer gets to Jenkins
     * @param back the answer, after a notice, if the account cannot be authorized as it is configured
     */
    @NonNull
    HttpResponse leave(
            @NonNull MailAccount account,
            @NonNull StaplerRequest2 request,
            @NonNull PendingSignIns.Way way,
            @NonNull HttpResponse back) {
        try {
            URI away = begin(account, Jenkins.getAuthentication2().getName(), request.getSession(), way);
            return new ClientHttpRedirect(away.toString());
        } catch (TokenFailure failure) {
            Notice.problem(failure.getMessage()).leave(request);
            return back;
        }
    }

    /**
     * Starts a sign-in.
     *
     * @param admin ID of the user who pressed <i>Authorize</i>
     * @param way how the answer gets to Jenkins
     * @return the URL to redirect the browser to
     * @throws TokenFailure if the account cannot be authorized as it is configured
     */
    @NonNull
    URI begin(
            @NonNull MailAccount account,
            @NonNull String admin,
            @NonNull HttpSession session,
            @NonNull PendingSignIns.Way way)
            throws TokenFailure {
        OAuthApplication application = TokenSources.applicationOf(account);
        AuthorizationRequest request = AuthorizationRequest.create(
                application.registration(),
                redirectUri(way),
                application.scopesFor(account),
                application.extraScopes(),
                account.signInName(),
                clock);
        PendingSignIns.of(session).add(new PendingSignIns.Pending(account, application, admin, way, request));
        return request.url();
    }

    private static String redirectUri(PendingSignIns.Way way) throws TokenFailure {
        if (way == PendingSignIns.Way.PASTE) {
            return OAuthMailConfiguration.PASTED_REDIRECT_URI;
        }
        String problem = OAuthMailConfiguration.get().redirectProblem();
        if (problem != null) {
            throw new TokenFailure(TokenFailure.Kind.REQUEST_REFUSED, problem);
        }
        return OAuthMailConfiguration.get().redirectUri();
    }

    /**
     * Completes a sign-in with what the identity provider answered.
     *
     * @param pending taken from {@link PendingSignIns}, so that it is completed only once
     * @return the notice to show; if the sign-in is refused, the earlier authorization stays in force
     */
    @NonNull
    Notice finish(@NonNull PendingSignIns.Pending pending, @NonNull SignInAnswer answer) throws InterruptedException {
        String code = answer.code();
        if (code == null || answer.error() != null) {
            return refused(pending, AuthorizationRequest.refusal(answer.error(), answer.description()));
        }
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

    private static Notice refused(PendingSignIns.Pending pending, TokenFailure failure) {
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
        // Account and application are compared with the current configuration, as they may have changed during the
        // sign-in.
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
            // The person of the stored authorization is unknown, so it must not be replaced by anybody else's sign-in.
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
        LOGGER.info(() -> "Mail account " + id + " was authorized as " + signIn.username() + " by "
                + authorization.getAuthorizedBy());
        return Notice.success(Messages.SignInFlow_authorized(id, signIn.username()));
    }
}
