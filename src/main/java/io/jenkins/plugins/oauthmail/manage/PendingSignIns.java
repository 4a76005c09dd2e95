package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.token.entra.AuthorizationRequest;
import jakarta.servlet.http.HttpSession;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Predicate;

/**
 * The sign-ins that an administrator has started in one HTTP session and not completed. Each can be completed once, by
 * the same administrator, within ten minutes. They are never stored: a restart of the controller discards them.
 */
final class PendingSignIns {
    /** More tabs than anybody signs in from at once; the oldest sign-ins are discarded. */
    private static final int LIMIT = 10;

    private static final String KEY = PendingSignIns.class.getName();

    private final Deque<Pending> pending = new ArrayDeque<>();
    private final Deque<Ended> ended = new ArrayDeque<>();

    private PendingSignIns() {}

    /** How the answer of the identity provider gets to Jenkins. */
    enum Way {
        /** The browser is redirected to Jenkins. */
        REDIRECT,
        /** A person copies the address at which the browser ended. */
        PASTE
    }

    /**
     * @param account the account when <i>Authorize</i> was pressed
     * @param application the application at that time
     * @param admin ID of the user who pressed it
     */
    record Pending(
            MailAccount account, OAuthApplication application, String admin, Way way, AuthorizationRequest request) {}

    /** Whether an answer belongs to a sign-in of the session. */
    enum Match {
        /** It does, and the sign-in is no longer pending. */
        TAKEN,
        /** It does, but the sign-in is not one that is expected here. It is still pending. */
        UNEXPECTED,
        COMPLETED,
        EXPIRED,
        UNKNOWN
    }

    /** @param pending null unless {@code TAKEN} or {@code UNEXPECTED} */
    record Found(@NonNull Match match, @CheckForNull Pending pending) {}

    /** Only remembered in order to say so: its state is not secret any more. */
    private record Ended(String state, String admin, Match match) {
        boolean isAnswer(String answered) {
            return MessageDigest.isEqual(
                    state.getBytes(StandardCharsets.UTF_8), answered.getBytes(StandardCharsets.UTF_8));
        }
    }

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
     * Removes the sign-in with the given state, if it is one that is expected. Those of other administrators are never
     * found.
     *
     * @param session the session of the request, or null if it has none
     * @param state the state of the answer, or null if it has none
     */
    @NonNull
    static Found take(
            @CheckForNull HttpSession session,
            @CheckForNull String state,
            @NonNull String admin,
            @NonNull Clock clock,
            @NonNull Predicate<Pending> expected) {
        return session == null || state == null
                ? new Found(Match.UNKNOWN, null)
                : of(session).take(state, admin, clock, expected);
    }

    private synchronized Found take(String state, String admin, Clock clock, Predicate<Pending> expected) {
        for (Iterator<Pending> each = pending.iterator(); each.hasNext(); ) {
            Pending signIn = each.next();
            if (signIn.request().expired(clock)) {
                each.remove();
                end(signIn, Match.EXPIRED);
            } else if (signIn.request().isAnswer(state) && signIn.admin().equals(admin)) {
                if (!expected.test(signIn)) {
                    return new Found(Match.UNEXPECTED, signIn);
                }
                each.remove();
                end(signIn, Match.COMPLETED);
                return new Found(Match.TAKEN, signIn);
            }
        }
        for (Ended signIn : ended) {
            if (signIn.isAnswer(state) && signIn.admin().equals(admin)) {
                return new Found(signIn.match(), null);
            }
        }
        return new Found(Match.UNKNOWN, null);
    }

    private void end(Pending signIn, Match match) {
        ended.addLast(new Ended(signIn.request().state(), signIn.admin(), match));
        while (ended.size() > LIMIT) {
            ended.removeFirst();
        }
    }
}
