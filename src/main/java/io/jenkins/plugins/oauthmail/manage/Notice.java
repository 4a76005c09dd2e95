package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.account.FailureText;
import jakarta.servlet.http.HttpSession;
import java.io.Serializable;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * A sentence about the last action, shown on the page once. It is kept in the administrator's session, so that no URL
 * can put text on the page.
 *
 * @param good whether the action succeeded
 * @param text plain text; the page escapes it
 */
@Restricted(NoExternalUse.class)
public record Notice(boolean good, @NonNull String text) implements Serializable {
    private static final String KEY = Notice.class.getName();

    /** The sentence for a page. */
    @NonNull
    public FailureText getReason() {
        return FailureText.of(text);
    }

    static Notice success(String text) {
        return new Notice(true, text);
    }

    static Notice problem(String text) {
        return new Notice(false, text);
    }

    void leave(StaplerRequest2 request) {
        request.getSession().setAttribute(KEY, this);
    }

    /** Removes and returns the pending notice; null if there is none. */
    @CheckForNull
    static Notice take(StaplerRequest2 request) {
        HttpSession session = request.getSession(false);
        if (session == null || !(session.getAttribute(KEY) instanceof Notice notice)) {
            return null;
        }
        session.removeAttribute(KEY);
        return notice;
    }
}
