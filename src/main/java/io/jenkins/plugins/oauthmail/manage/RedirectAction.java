package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.RootAction;
import java.time.Clock;
import java.util.Objects;
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
        SignInAnswer answer = new SignInAnswer(
                request.getParameter("state"),
                request.getParameter("code"),
                request.getParameter("error"),
                request.getParameter("error_description"));
        PendingSignIns.Found found = PendingSignIns.take(
                request.getSession(false),
                answer.state(),
                Jenkins.getAuthentication2().getName(),
                clock,
                pending -> pending.way() == PendingSignIns.Way.REDIRECT);
        if (found.match() != PendingSignIns.Match.TAKEN) {
            return Notice.problem(Messages.RedirectAction_stray(
                    JenkinsLocationConfiguration.get().getUrl()));
        }
        return new SignInFlow(clock).finish(Objects.requireNonNull(found.pending()), answer);
    }
}
