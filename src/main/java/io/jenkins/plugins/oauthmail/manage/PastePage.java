package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.ModelObject;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import jakarta.servlet.http.HttpSession;
import java.time.Clock;
import java.util.Objects;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.WebMethod;
import org.kohsuke.stapler.verb.GET;
import org.kohsuke.stapler.verb.POST;

/**
 * The page to authorize an account on where Microsoft does not redirect to Jenkins: the sign-in ends at an address on
 * the computer of the administrator, who copies it from the browser into a field of this page. What is pasted is
 * subject to the same rules as the parameters of the redirect, see {@link RedirectAction}.
 */
@Restricted(NoExternalUse.class)
public final class PastePage implements ModelObject {
    private final MailAccount account;
    private final Clock clock;

    PastePage(@NonNull MailAccount account) {
        this(account, Clock.systemUTC());
    }

    PastePage(@NonNull MailAccount account, @NonNull Clock clock) {
        this.account = account;
        this.clock = clock;
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.PastePage_displayName();
    }

    @NonNull
    public MailAccount getAccount() {
        return account;
    }

    /** The redirect URI to register for it. */
    @NonNull
    public String getRedirectUri() {
        return OAuthMailConfiguration.PASTED_REDIRECT_URI;
    }

    /** Why Microsoft cannot redirect to Jenkins, and the fix; null if it can. */
    @CheckForNull
    public String getRedirectProblem() {
        return OAuthMailConfiguration.get().redirectProblem();
    }

    /** Above it, the browser cuts off what is pasted, and the page says that it is too long. */
    public int getMaxLength() {
        return PastedAddress.MAX_LENGTH + 1;
    }

    /** The pending notice, which is shown only once; null if there is none. */
    @CheckForNull
    public Notice takeNotice() {
        return Notice.take(Stapler.getCurrentRequest2());
    }

    /** The URL of this page, relative to the context path. */
    @NonNull
    static String path(String accountId) {
        return AccountPage.path(accountId) + "paste/";
    }

    /** Redirects the browser, in a new tab, to the identity provider to sign in. */
    @POST
    public HttpResponse doStart(StaplerRequest2 request) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return new SignInFlow(clock).leave(account, request, PendingSignIns.Way.PASTE, back());
    }

    /** Expects the {@code address} at which the sign-in ended. */
    @POST
    public HttpResponse doFinish(StaplerRequest2 request) throws InterruptedException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        Notice notice = finish(request.getParameter("address"), request.getSession(false));
        notice.leave(request);
        return notice.good() ? HttpResponses.redirectViaContextPath(AccountPage.path(account.getId())) : back();
    }

    private Notice finish(@CheckForNull String text, @CheckForNull HttpSession session) throws InterruptedException {
        PastedAddress pasted = PastedAddress.of(text);
        String problem = pasted.problem();
        if (problem != null) {
            return Notice.problem(problem);
        }
        PendingSignIns.Found closest = null;
        for (SignInAnswer answer : pasted.answers()) {
            PendingSignIns.Found found = PendingSignIns.take(
                    session,
                    answer.state(),
                    Jenkins.getAuthentication2().getName(),
                    clock,
                    pending -> isExpected(pending) && answer.isComplete());
            if (found.match() == PendingSignIns.Match.TAKEN) {
                return new SignInFlow(clock).finish(Objects.requireNonNull(found.pending()), answer);
            }
            if (answer.state() != null && (closest == null || found.match().compareTo(closest.match()) < 0)) {
                closest = found;
            }
        }
        return Notice.problem(closest == null ? Messages.PastePage_incomplete() : sentence(closest));
    }

    private boolean isExpected(PendingSignIns.Pending pending) {
        return pending.way() == PendingSignIns.Way.PASTE
                && pending.account().getId().equals(account.getId());
    }

    private String sentence(PendingSignIns.Found found) {
        return switch (found.match()) {
            case EXPIRED -> Messages.PastePage_expired();
            case COMPLETED -> Messages.PastePage_completed();
            case UNEXPECTED -> {
                PendingSignIns.Pending pending = Objects.requireNonNull(found.pending());
                yield isExpected(pending)
                        ? Messages.PastePage_incomplete()
                        : pending.way() == PendingSignIns.Way.REDIRECT
                                ? Messages.PastePage_unknown()
                                : Messages.PastePage_otherAccount(
                                        pending.account().getId(), account.getId());
            }
            default -> Messages.PastePage_unknown();
        };
    }

    /** Reloading the page that answered an action must not end in a 404. */
    @GET
    @WebMethod(name = {"start", "finish"})
    public HttpResponse doReloaded(StaplerRequest2 request) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        Notice.problem(Messages.DefinitionPage_reloaded()).leave(request);
        return back();
    }

    private HttpResponse back() {
        return HttpResponses.redirectViaContextPath(path(account.getId()));
    }
}
