package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.token.entra.AuthorizationRequest;
import jakarta.servlet.http.HttpSession;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * The sign-ins that an administrator has started in one HTTP session and not completed. Each can be completed once, by
 * the same administrator, within ten minutes. They are never stored: a restart of the controller discards them.
 */
final class PendingSignIns {
    /** More tabs than anybody signs in from at once; the oldest sign-ins are discarded. */
    private static final int LIMIT = 10;

    private static final String KEY = PendingSignIns.class.getName();

    private final Deque<Pending> pending = new ArrayDeque<>();

    private PendingSignIns() {}

    /**
     * @param account the account when <i>Authorize</i> was pressed
     * @param application the application at that time
     * @param admin ID of the user who pressed it
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

    /**
     * Removes and returns the sign-in with the given state. Expired ones and those of other administrators are never
     * found.
     */
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
