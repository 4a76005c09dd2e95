package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import jakarta.servlet.http.HttpSession;
import java.io.Serializable;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * One sentence about what just happened, shown on the page once. It waits in the admin's session, so that no URL can
 * put words on the page.
 *
 * @param good whether it went well
 * @param text plain text; the page escapes it
 */
public record Notice(boolean good, @NonNull String text) implements Serializable {
    private static final String KEY = Notice.class.getName();

    static Notice success(String text) {
        return new Notice(true, text);
    }

    static Notice problem(String text) {
        return new Notice(false, text);
    }

    void leave(StaplerRequest2 request) {
        request.getSession().setAttribute(KEY, this);
    }

    /** The notice that waits, which then waits no longer. */
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
