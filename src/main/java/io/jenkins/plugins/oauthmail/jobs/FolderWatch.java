package io.jenkins.plugins.oauthmail.jobs;

import hudson.model.Computer;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.Mailboxes;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.mail.MailFailure;
import io.jenkins.plugins.oauthmail.mail.MailWatch;
import io.jenkins.plugins.oauthmail.mail.Mailbox;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One folder that builds wait for: a thread that watches, and one at most that looks. */
final class FolderWatch implements Runnable {
    private static final Logger LOGGER = Logger.getLogger(FolderWatch.class.getName());
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final String accountId;
    private final String folder;

    private final Set<MailWaits.Waiting> waiting = new LinkedHashSet<>();
    /** Who is to look; nobody twice, however often mail comes meanwhile. */
    private final Set<MailWaits.Waiting> looking = new LinkedHashSet<>();

    private boolean busy;
    private boolean closed;
    private boolean again;
    private MailWatch watch;
    /** What the present session is for; null while there is none. */
    private Mailbox watched;

    FolderWatch(String accountId, String folder) {
        this.accountId = accountId;
        this.folder = folder;
    }

    synchronized void add(MailWaits.Waiting who) {
        waiting.add(who);
        nudge(who);
    }

    /** Whether it was there and nobody is left. */
    synchronized boolean remove(MailWaits.Waiting who) {
        looking.remove(who);
        return waiting.remove(who) && waiting.isEmpty();
    }

    synchronized void nudge(MailWaits.Waiting who) {
        if (waiting.contains(who)) {
            looking.add(who);
            work();
        }
    }

    /** Ends the connection, and opens another one at once if the account still allows it. */
    synchronized void reconnect() {
        again = true;
        if (watch != null) {
            watch.close();
        }
        notifyAll();
    }

    synchronized void close() {
        closed = true;
        if (watch != null) {
            watch.close();
        }
        notifyAll();
    }

    @Override
    public void run() {
        Duration pause = FIRST_PAUSE;
        try {
            do {
                long begin = System.nanoTime();
                try {
                    MailWatch session = open();
                    if (session != null) {
                        session.run(this::everybody);
                    }
                } catch (MailFailure failure) {
                    everybody(failure);
                } catch (RuntimeException unforeseen) {
                    // Whatever it is, nobody must wait for a watch that is over.
                    LOGGER.log(
                            Level.WARNING,
                            unforeseen,
                            () -> "Watching " + folder + " of account " + accountId + " failed");
                }
                boolean lasted = System.nanoTime() - begin > LONGEST_PAUSE.toNanos();
                pause = lasted ? FIRST_PAUSE : min(pause.multipliedBy(2), LONGEST_PAUSE);
            } while (pause(pause));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** As {@link #reconnect}, if the account has another mailbox now than the one that is watched, or none is. */
    void reconnectIfChanged() {
        Mailbox now = null;
        try {
            now = mailbox();
        } catch (MailFailure | RuntimeException unwatchable) {
            LOGGER.log(Level.FINE, unwatchable, () -> "Account " + accountId + " can no longer be watched");
        }
        synchronized (this) {
            if (now == null
                    || watched == null
                    || !now.user().equals(watched.user())
                    || !now.imap().equals(watched.imap())) {
                reconnect();
            }
        }
    }

    /** Null if nobody waits any more. */
    private MailWatch open() throws MailFailure {
        synchronized (this) {
            watched = null;
        }
        Mailbox mailbox = mailbox();
        synchronized (this) {
            watched = mailbox;
            watch = closed ? null : new MailWatch(mailbox, folder);
            return watch;
        }
    }

    private Mailbox mailbox() throws MailFailure {
        try {
            return Mailboxes.open(
                    OAuthMailConfiguration.get()
                            .account(accountId)
                            .orElseThrow(() -> new TokenFailure(
                                    TokenFailure.Kind.NOT_AUTHORIZED, Messages.FolderWatch_unknownAccount(accountId))),
                    MailUse.READ);
        } catch (TokenFailure e) {
            throw new MailFailure(MailFailure.Layer.TOKEN, e.getMessage(), e);
        }
    }

    /** Whether the time went by with somebody still waiting. */
    private synchronized boolean pause(Duration pause) throws InterruptedException {
        long end = System.nanoTime() + pause.toNanos();
        long left = pause.toNanos();
        while (!closed && !again && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = end - System.nanoTime();
        }
        again = false;
        return !closed;
    }

    private synchronized void everybody() {
        looking.addAll(waiting);
        work();
    }

    private void everybody(MailFailure failure) {
        List<MailWaits.Waiting> all;
        synchronized (this) {
            all = new ArrayList<>(waiting);
        }
        for (MailWaits.Waiting who : all) {
            guarded(() -> who.unwatched(failure));
        }
    }

    private void work() {
        if (!busy && !looking.isEmpty()) {
            busy = true;
            Computer.threadPoolForRemoting.execute(this::lookInTurn);
        }
    }

    private void lookInTurn() {
        MailWaits.Waiting next;
        while ((next = next()) != null) {
            guarded(next::look);
        }
    }

    /** What one build trips over must not have the others wait for ever. */
    private void guarded(Runnable turn) {
        try {
            turn.run();
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            LOGGER.log(Level.WARNING, "A build that waits for mail in account " + accountId + " failed", e);
        }
    }

    private synchronized MailWaits.Waiting next() {
        Iterator<MailWaits.Waiting> queue = looking.iterator();
        if (!queue.hasNext()) {
            busy = false;
            return null;
        }
        MailWaits.Waiting next = queue.next();
        queue.remove();
        return next;
    }
}
