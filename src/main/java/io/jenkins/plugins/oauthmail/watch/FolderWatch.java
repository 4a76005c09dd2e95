package io.jenkins.plugins.oauthmail.watch;

import hudson.model.Computer;
import io.jenkins.plugins.oauthmail.account.AccountActivity;
import io.jenkins.plugins.oauthmail.account.Mailboxes;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.mail.MailWatch;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;

/**
 * Watches one folder in a background thread for as long as anybody waits for mail in it. The {@link CheckQueue} holds
 * the listeners. If the thread ends for any reason, it is replaced.
 */
final class FolderWatch implements Runnable {
    private static final Logger LOGGER = Logger.getLogger(FolderWatch.class.getName());
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration MAX_PAUSE = Duration.ofMinutes(5);

    private final String accountId;
    private final String folder;
    private final CheckQueue looks;
    private final TimeSource time = TimeSource.SYSTEM;

    /** Whether the thread is running, or about to start. */
    private boolean running;

    private boolean closed;
    private boolean again;
    private MailWatch watch;
    /** The mailbox that the current session watches; null while there is none. */
    private Mailbox watched;

    FolderWatch(String accountId, String folder) {
        this.accountId = accountId;
        this.folder = folder;
        looks = new CheckQueue("folder " + folder + " of account " + accountId);
    }

    void add(FolderWatches.Listener who) {
        looks.join(who);
        begin();
    }

    /** Removes a listener; returns true if it was registered and none is left. */
    boolean remove(FolderWatches.Listener who) {
        return looks.leave(who);
    }

    void nudge(FolderWatches.Listener who) {
        looks.request(who);
        begin();
    }

    void nudgeFirst(FolderWatches.Listener who) {
        looks.requestFirst(who);
        begin();
    }

    void interruptFor(FolderWatches.Listener who) {
        looks.interruptFor(who);
    }

    List<FolderWatches.Listener> members() {
        return looks.members();
    }

    boolean hasLookedWithin(Duration time) {
        return looks.hasSucceededWithin(time);
    }

    /** Closes the connection and opens another one at once if the account still allows it. */
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
            log("There is no thread to watch the folder", noThread);
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
            log("The folder cannot be scheduled to be watched later", e);
        }
    }

    @Override
    public void run() {
        try {
            Duration pause = FIRST_PAUSE;
            Duration now;
            do {
                Instant begin = time.now();
                Duration suggested = watch();
                boolean lasted = begin.plus(MAX_PAUSE).isBefore(time.now());
                pause = lasted ? FIRST_PAUSE : pause;
                now = max(pause, suggested);
                pause = min(pause.multipliedBy(2), MAX_PAUSE);
            } while (pause(now));
        } finally {
            // Whatever ended the loop, nobody may wait for a watch that has stopped.
            beginLater();
        }
    }

    /** Watches until the session ends for any reason; returns the delay that the server asked for. */
    private Duration watch() {
        try {
            MailWatch session = open();
            if (session != null) {
                session.run(looks::requestAll);
            }
        } catch (MailFailure failure) {
            // Perhaps nobody else uses the account. The checks of the next session show whether it works again.
            AccountActivity.get().failed(accountId, MailUse.READ, failure);
            looks.watchFailed(failure);
            return failure.retryAfter().orElse(Duration.ZERO);
        } catch (InterruptedException e) {
            // Only close() ends a watch.
            LOGGER.log(Level.FINE, "Watching {0} of account {1} was interrupted", new Object[] {folder, accountId});
        } catch (Throwable unforeseen) { // Errors too: all listeners depend on this thread
            log("Watching the folder failed", unforeseen);
            looks.watchFailed(new MailFailure(
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

    /** Reconnects if the account's mailbox is no longer the one being watched, or none is. */
    void reconnectIfChanged() {
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
                && mailbox.imap().equals(watched.imap())
                && Objects.equals(mailbox.graph(), watched.graph());
    }

    /** Returns null if nobody waits any more, or the account was changed meanwhile. */
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

    /** Waits; returns whether anybody is still waiting afterwards. */
    private synchronized boolean pause(Duration pause) {
        Instant end = time.now().plus(pause);
        Duration left = pause;
        while (!closed && !again && left.compareTo(Duration.ZERO) > 0) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left.toNanos());
            } catch (InterruptedException e) {
                // Only close() ends a watch.
                LOGGER.log(Level.FINE, "A pause in watching {0} was interrupted", folder);
            }
            left = Duration.between(time.now(), end);
        }
        again = false;
        return !closed;
    }

    private void log(String what, Throwable why) {
        try {
            LOGGER.log(Level.WARNING, "Folder " + folder + " of account " + accountId + ": " + what, why);
        } catch (Throwable e) { // logging may fail too if memory is exhausted
            return;
        }
    }
}
