package io.jenkins.plugins.oauthmail.mail.imap;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.connect.ContextLoader;
import io.jenkins.plugins.oauthmail.mail.connect.FolderSession;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.connect.Skipping;
import io.jenkins.plugins.oauthmail.mail.connect.Tokens;
import io.jenkins.plugins.oauthmail.mail.model.Arrivals;
import io.jenkins.plugins.oauthmail.mail.model.FolderCheckpoint;
import io.jenkins.plugins.oauthmail.mail.model.FolderLook;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReadResult;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads one folder for many over one IMAP connection. Few messages are fetched for all ({@link FolderWindow}); for one
 * who asks about many messages, the server searches.
 */
public final class ImapFolderSession implements FolderSession {
    /** How many messages are fetched for all if one asks, and per further one who asks. */
    private static final int WINDOW_PER_ASKER = 20;

    /** The maximum number of messages to fetch for all; their headers and structures take some megabytes. */
    private static final int MAX_WINDOW = 2000;

    /** If fewer ask about the whole folder, the server searches for each of them. */
    private static final int MANY = 5;

    /** How often what a server refuses for a while is asked for again over the same connection. */
    private static final int MAX_RETRIES = 3;

    /** The longest delay for which a connection is kept. */
    private static final Duration MAX_DELAY = Duration.ofMinutes(1);

    /** How many results with messages are kept at most; empty results need hardly any memory. */
    private static final int MAX_KEPT = 4;

    private final ImapStore store;
    private final String name;
    private final Portions portions = new Portions();
    /** The results of looks at the whole folder since the last refresh. */
    private final Map<MailQuery, FolderLook> looks = new HashMap<>();

    private int kept;
    private Tokens.Login<ImapConnection> login;
    private ReadDeadline limit;
    private FolderWindow window;
    private boolean stale;
    private int askers = 1;
    private boolean aborted;

    ImapFolderSession(ImapStore store, String name) {
        this.store = store;
        this.name = name;
    }

    @Override
    public void refresh(int howMany) {
        askers = Math.max(1, howMany);
        stale = true;
        looks.clear();
        kept = 0;
    }

    @Override
    @NonNull
    public FolderLook look(@NonNull MailQuery query, @CheckForNull FolderCheckpoint since, int enough)
            throws MailFailure, InterruptedException {
        return answer(() -> {
            ImapCheckpoint before = ImapCheckpoint.usable(since, query, window).orElse(null);
            if (before == null || !window.reachesBackTo(before.lastUid() + 1, capacity())) {
                return whole(query);
            }
            window.add(before.unreadable());
            FolderLook look = among(query, window.after(before.lastUid(), before.unreadable()), before.found());
            int found = before.found() + look.read().mails().size();
            if (found < enough) {
                return new FolderLook(
                        false, new ReadResult(List.of(), look.read().problems(), List.of()), look.checkpoint());
            }
            // Messages found earlier may be gone, or marked as seen.
            return before.found() == 0 ? look : whole(query);
        });
    }

    private int capacity() {
        return Math.min(WINDOW_PER_ASKER * askers, MAX_WINDOW);
    }

    private FolderLook among(MailQuery query, List<WindowMail> mails, int foundBefore)
            throws MailFailure, InterruptedException {
        Map<MailId, MailFailure> unreadable = new LinkedHashMap<>();
        List<ReceivedMail> found = new WindowSearch(window, query, store.maxBytes(), unreadable::put).among(mails);
        return look(query, found, List.of(), unreadable, foundBefore);
    }

    private FolderLook look(
            MailQuery query,
            List<ReceivedMail> mails,
            List<MailId> gone,
            Map<MailId, MailFailure> unreadable,
            int foundBefore)
            throws MailFailure {
        List<String> problems =
                unreadable.values().stream().map(MailFailure::getMessage).toList();
        return new FolderLook(
                true,
                new ReadResult(mails, problems, gone),
                ImapCheckpoint.of(query, window, foundBefore + mails.size(), unreadable));
    }

    private FolderLook whole(MailQuery query) throws MailFailure, InterruptedException {
        FolderLook known = looks.get(query);
        if (known != null) {
            return known;
        }
        // Before the search: what is marked as unseen later is found by a later look.
        window.lastUid();
        if (query.unseen()) {
            window.unseen();
        }
        FolderLook look;
        if (askers >= MANY && query.ids().isEmpty() && window.reachesBackTo(1, capacity())) {
            look = among(query, window.after(0, Set.of()), 0);
        } else {
            Map<MailId, MailFailure> unreadable = new LinkedHashMap<>();
            ReadResult found = store.read(window.folder(), query, null, unreadable::put, portions);
            look = look(query, found.mails(), found.gone(), unreadable, 0);
        }
        if (look.read().mails().isEmpty() || kept++ < MAX_KEPT) {
            looks.put(query, look);
        }
        return look;
    }

    @Override
    @NonNull
    public Arrivals arrivals(
            @NonNull MailQuery wanted, @CheckForNull FolderPosition after, @NonNull Predicate<MailId> skips)
            throws MailFailure, InterruptedException {
        MailQuery query = wanted.toBuilder().newestFirst(false).build();
        Object answer = answer(() -> {
            ImapPosition begin = window.folder().begin(after).orElse(null);
            if (begin == null) {
                window.lastUid();
                return Arrivals.none(window.folder().end().position(), after != null);
            }
            if (window.folder().hasNoneBehind(begin.uid()) || window.lastUid() <= begin.uid()) {
                return Arrivals.none(begin.position(), false);
            }
            return begin.since() == null && window.reachesBackTo(begin.uid() + 1, capacity())
                    ? arrivals(query, begin.id(), skips)
                    : store.arrivals(window.folder(), query, begin, skips, portions);
        });
        if (answer instanceof MailFailure unreadable) {
            throw unreadable;
        }
        return (Arrivals) answer;
    }

    /** Returns the failure if the very first message cannot be read and must not be skipped. */
    private Object arrivals(MailQuery query, ImapId begin, Predicate<MailId> skips)
            throws MailFailure, InterruptedException {
        Skipping skipping = new Skipping(skips);
        WindowSearch search = new WindowSearch(window, query, store.maxBytes(), skipping);
        boolean over = false;
        try {
            search.among(window.after(begin.uid(), Set.of()));
        } catch (MailFailure failure) {
            over = ImapStore.isOver(limit) && last(search, skipping) != null;
            if (failure != skipping.stop() && !over) {
                throw failure;
            }
        }
        List<ReceivedMail> mails = search.found();
        boolean stopped = over || skipping.stop() != null;
        boolean full = mails.size() >= query.limit();
        ImapId position =
                stopped || full ? last(search, skipping) : window.folder().id(window.lastUid());
        return position == null
                ? skipping.stop()
                : new Arrivals(mails, skipping.problems(), position.position(), full || stopped, false);
    }

    @CheckForNull
    private static ImapId last(WindowSearch search, Skipping skipping) throws MailFailure {
        return ImapStore.later(ImapStore.last(search.found(), skipping), search.checked());
    }

    private interface Question<T> {
        T answer() throws MailFailure, InterruptedException;
    }

    private <T> T answer(Question<T> question) throws MailFailure, InterruptedException {
        boolean reused = login != null;
        boolean answered = false;
        int retries = 0;
        try (ContextLoader loader = new ContextLoader()) {
            while (true) {
                try {
                    open();
                    T answer = question.answer();
                    answered = true;
                    return answer;
                } catch (MailFailure failure) {
                    if (retries < MAX_RETRIES && isResumable(failure)) {
                        retries++;
                        resume(failure);
                        continue;
                    }
                    failed(failure);
                    if (!portions.smaller() && !(reused && isLost(failure))) {
                        throw failure;
                    }
                    reused = false;
                }
            }
        } finally {
            if (!answered) {
                close();
            }
        }
    }

    /**
     * Whether the server asks for a short delay but goes on with the session. To begin anew would repeat the commands
     * that it has just answered, so that a server which refuses every third command would never answer the third.
     */
    private boolean isResumable(MailFailure failure) {
        return login != null
                && !isAborted()
                && failure.retryAfter()
                        .filter(delay -> delay.compareTo(MAX_DELAY) <= 0 && limit.leaves(delay))
                        .isPresent()
                && login.connection().rest();
    }

    private void resume(MailFailure refusal) throws InterruptedException {
        store.pause(refusal.retryAfter().orElseThrow());
        login.connection().resume(limit);
    }

    /** Whether a connection that was good before is not any more, which tells nothing about the next one. */
    private boolean isLost(MailFailure failure) {
        return (failure.layer() == Layer.CONNECT || failure.tokenRefused())
                && failure.retryAfter().isEmpty()
                && !isAborted()
                && !Thread.currentThread().isInterrupted();
    }

    private void failed(MailFailure failure) {
        if (login != null) {
            login.failed(failure);
        }
        close();
    }

    private void open() throws MailFailure, InterruptedException {
        if (login != null && limit.left().compareTo(store.limit().left().dividedBy(2)) < 0) {
            // The time limit is meant for one who asks, not for all.
            close();
        }
        if (login == null) {
            limit = store.limit();
            Tokens.Login<ImapConnection> opened = store.enter(limit);
            synchronized (this) {
                login = opened;
            }
        }
        stale |= window != null && window.folder().isShifted();
        if (window == null) {
            window = window(examine());
        } else if (stale) {
            ImapFolder again = examine();
            FolderWindow before = window;
            // If what has changed cannot be found out now, all is fetched again, bit by bit.
            window = window(again);
            stale = false;
            window = before.renewed(again, MAX_WINDOW);
        }
        stale = false;
        if (isAborted()) {
            throw ReadDeadline.stopped();
        }
    }

    private ImapFolder examine() throws MailFailure {
        return login.connection().examine(name).within(limit);
    }

    private FolderWindow window(ImapFolder folder) {
        return new FolderWindow(folder, name, store.rule(), store.maxBytes(), portions);
    }

    private synchronized boolean isAborted() {
        return aborted;
    }

    @Override
    public synchronized void abort() {
        aborted = true;
        if (login != null) {
            login.connection().deadline().close();
        }
    }

    @Override
    public void close() {
        if (window != null) {
            window.close();
            window = null;
        }
        Tokens.Login<ImapConnection> open;
        synchronized (this) {
            open = login;
            login = null;
        }
        if (open != null) {
            store.leave(open.connection());
        }
    }
}
