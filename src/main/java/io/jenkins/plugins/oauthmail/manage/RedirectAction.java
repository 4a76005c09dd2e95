package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.RootAction;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import io.jenkins.plugins.oauthmail.token.entra.AuthorizationRequest;
import jakarta.servlet.http.HttpSession;
import java.time.Clock;
import java.util.Optional;
import jenkins.model.Jenkins;
import jenkins.model.JenkinsLocationConfiguration;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.GET;

/**
 * Handles the redirect from Microsoft at {@code oauth-mail/redirect}. It is a GET, which includes the session cookie
 * and needs no crumb; the state parameter protects against forged requests. For administrators, the result is always
 * shown as a notice on the page.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2">RFC 6749, section 4.1.2</a>
 */
@Extension
@Restricted(NoExternalUse.class)
public final class RedirectAction implements RootAction {
    private final Clock clock = Clock.systemUTC();

    @CheckForNull
    @Override
    public String getIconFileName() {
        return null;
    }

    @CheckForNull
    @Override
    public String getDisplayName() {
        return null;
    }

    @Override
    public String getUrlName() {
        return "oauth-mail";
    }

    /** Expects {@code state} with {@code code}, or with {@code error}. */
    @GET
    public HttpResponse doRedirect(StaplerRequest2 request) throws InterruptedException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        answer(request).leave(request);
        return HttpResponses.redirectViaContextPath(MailAccountsPage.PATH);
    }

    private Notice answer(StaplerRequest2 request) throws InterruptedException {
        String state = request.getParameter("state");
        HttpSession session = request.getSession(false);
        Optional<PendingSignIns.Pending> pending = state == null || session == null
                ? Optional.empty()
                : PendingSignIns.of(session)
                        .take(state, Jenkins.getAuthentication2().getName(), clock);
        if (pending.isEmpty()) {
            return Notice.problem(Messages.RedirectAction_stray(
                    JenkinsLocationConfiguration.get().getUrl()));
        }
        String code = request.getParameter("code");
        String error = request.getParameter("error");
        if (code == null || error != null) {
            TokenFailure refusal = AuthorizationRequest.refusal(error, request.getParameter("error_description"));
            return SignInFlow.refused(pending.get(), refusal);
        }
        return new SignInFlow(clock).finish(pending.get(), code);
    }
}
