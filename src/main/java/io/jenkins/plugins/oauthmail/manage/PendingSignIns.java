package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.token.AuthorizationRequest;
import jakarta.servlet.http.HttpSession;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * The sign-ins an admin has begun in one HTTP session and not finished. Each answers once, to the same admin, for ten
 * minutes. They are never written anywhere: a restart of the controller ends them.
 */
final class PendingSignIns {
    /** More tabs than anybody signs in from at once; the oldest make room. */
    private static final int LIMIT = 10;

    private static final String KEY = PendingSignIns.class.getName();

    private final Deque<Pending> pending = new ArrayDeque<>();

    private PendingSignIns() {}

    /**
     * @param account as it was when <i>Authorize</i> was pressed
     * @param application as it was then
     * @param admin id of the user who pressed it
     */
    record Pending(MailAccount account, OAuthApplication application, String admin, AuthorizationRequest request) {}

    @NonNull
    static PendingSignIns of(HttpSession session) {
        synchronized (PendingSignIns.class) {
            if (session.getAttribute(KEY) instanceof PendingSignIns present) {
                return present;
            }
            PendingSignIns created = new PendingSignIns();
            session.setAttribute(KEY, created);
            return created;
        }
    }

    synchronized void add(Pending signIn) {
        pending.addLast(signIn);
        while (pending.size() > LIMIT) {
            pending.removeFirst();
        }
    }

    /** The sign-in this state answers, which it then no longer does. Expired ones and another admin's are never found. */
    @NonNull
    synchronized Optional<Pending> take(String state, String admin, Clock clock) {
        pending.removeIf(signIn -> signIn.request().expired(clock));
        for (Iterator<Pending> each = pending.iterator(); each.hasNext(); ) {
            Pending signIn = each.next();
            if (signIn.request().isAnswer(state)) {
                each.remove();
                return Optional.of(signIn).filter(found -> found.admin().equals(admin));
            }
        }
        return Optional.empty();
    }
}
