package io.jenkins.plugins.oauthmail.watch;

import hudson.model.Computer;
import io.jenkins.plugins.oauthmail.account.Mailboxes;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.mail.MailWatch;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;

/**
 * One folder that builds wait for: a thread that watches it for as long as somebody waits, and the {@link LookQueue} of
 * those who wait. A thread that ends in whatever way is replaced.
 */
final class FolderWatch implements Runnable {
    private static final Logger LOGGER = Logger.getLogger(FolderWatch.class.getName());
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration MAX_PAUSE = Duration.ofMinutes(5);

    private final String accountId;
    private final String folder;
    private final LookQueue looks;

    /** Whether there is a thread that watches, or will be. */
    private boolean running;

    private boolean closed;
    private boolean again;
    private MailWatch watch;
    /** What the present session is for; null while there is none. */
    private Mailbox watched;

    FolderWatch(String accountId, String folder) {
        this.accountId = accountId;
        this.folder = folder;
        looks = new LookQueue("folder " + folder + " of account " + accountId);
    }

    void add(FolderWatches.Waiting who) {
        looks.join(who);
        begin();
    }

    /** Whether it was there and nobody is left. */
    boolean remove(FolderWatches.Waiting who) {
        return looks.leave(who);
    }

    void nudge(FolderWatches.Waiting who) {
        looks.request(who);
        begin();
    }

    void nudgeFirst(FolderWatches.Waiting who) {
        looks.requestFirst(who);
        begin();
    }

    boolean hasLookedWithin(Duration time) {
        return looks.hasSucceededWithin(time);
    }

    /** Ends the connections, and opens others at once if the account still allows it. */
    void reconnect() {
        synchronized (this) {
            again = true;
            if (watch != null) {
                watch.close();
            }
            notifyAll();
        }
        looks.restart();
    }

    synchronized void close() {
        closed = true;
        if (watch != null) {
            watch.close();
        }
        notifyAll();
    }

    private synchronized void begin() {
        if (running || closed) {
            return;
        }
        running = true;
        try {
            Computer.threadPoolForRemoting.execute(this);
        } catch (RejectedExecutionException | OutOfMemoryError noThread) {
            log("There is no thread to watch it with", noThread);
            beginLater();
        }
    }

    private synchronized void beginLater() {
        running = false;
        if (closed) {
            return;
        }
        try {
            Timer.get().schedule(this::begin, FIRST_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            log("It cannot be watched later either", e);
        }
    }

    @Override
    public void run() {
        try {
            Duration pause = FIRST_PAUSE;
            Duration now;
            do {
                long begin = System.nanoTime();
                Duration suggested = watch();
                boolean lasted = System.nanoTime() - begin > MAX_PAUSE.toNanos();
                pause = lasted ? FIRST_PAUSE : pause;
                now = max(pause, suggested);
                pause = min(pause.multipliedBy(2), MAX_PAUSE);
            } while (pause(now));
        } finally {
            // Whatever got here, nobody must wait for a watch that is over.
            beginLater();
        }
    }

    /** Watches until that ends in whatever way; gives how long the server wants to be left alone then. */
    private Duration watch() {
        try {
            MailWatch session = open();
            if (session != null) {
                session.run(looks::everybody);
            }
        } catch (MailFailure failure) {
            looks.unwatched(failure);
            return failure.retryAfter().orElse(Duration.ZERO);
        } catch (InterruptedException e) {
            // A watch is ended by close() and by nothing else.
            LOGGER.log(Level.FINE, "Watching {0} of account {1} was interrupted", new Object[] {folder, accountId});
        } catch (Throwable unforeseen) { // an Error, too, as the thread is all that the others have
            log("Watching it failed", unforeseen);
            looks.unwatched(new MailFailure(
                    MailFailure.Layer.CONNECT, Messages.FolderWatch_unforeseen(folder, accountId, unforeseen)));
        }
        return Duration.ZERO;
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** As {@link #reconnect}, if the account has another mailbox now than the one that is watched, or none is. */
    void reconnectIfChanged() {
        looks.forgetWhatWasRead();
        Mailbox now = null;
        try {
            now = mailbox();
        } catch (MailFailure | RuntimeException unwatchable) {
            LOGGER.log(Level.FINE, unwatchable, () -> "Account " + accountId + " can no longer be watched");
        }
        if (!isWatched(now)) {
            reconnect();
        }
    }

    private synchronized boolean isWatched(Mailbox mailbox) {
        return mailbox != null
                && watched != null
                && mailbox.user().equals(watched.user())
                && mailbox.imap().equals(watched.imap());
    }

    /** Null if nobody waits any more, or the account has changed meanwhile. */
    private MailWatch open() throws MailFailure {
        synchronized (this) {
            watched = null;
            again = false;
        }
        Mailbox mailbox = mailbox();
        synchronized (this) {
            if (closed || again) {
                return null;
            }
            watched = mailbox;
            watch = new MailWatch(mailbox, folder);
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
    private synchronized boolean pause(Duration pause) {
        long end = System.nanoTime() + pause.toNanos();
        long left = pause.toNanos();
        while (!closed && !again && left > 0) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                // As above.
                LOGGER.log(Level.FINE, "A pause in watching {0} was interrupted", folder);
            }
            left = end - System.nanoTime();
        }
        again = false;
        return !closed;
    }

    private void log(String what, Throwable why) {
        try {
            LOGGER.log(Level.WARNING, "Folder " + folder + " of account " + accountId + ": " + what, why);
        } catch (Throwable e) { // without memory there may be no log either
            return;
        }
    }
}
