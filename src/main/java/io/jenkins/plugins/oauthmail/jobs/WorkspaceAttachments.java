package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.Util;
import hudson.model.Computer;
import io.jenkins.plugins.oauthmail.mail.model.FileFailure;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;

/**
 * Files of a workspace, on any agent, as attachments of one message. They are copied to the controller before the
 * message waits for its turn, so that an agent that does not respond delays only its own build, and for a limited time.
 */
final class WorkspaceAttachments {
    /** For all files of a message together. Enough for the largest message over a slow connection to an agent. */
    static final Duration MAX_TIME = Duration.ofMinutes(10);

    /** More are hardly meant, and each takes time and memory even if it is empty. */
    static final int MAX_FILES = 1000;

    private static final Logger LOGGER = Logger.getLogger(WorkspaceAttachments.class.getName());

    /** A comma preceded by a backslash is part of the name. */
    private static final Pattern SEPARATOR = Pattern.compile("\\s*(?<!\\\\),\\s*");

    private final FilePath workspace;
    private final Spool spool;
    private final int megabytes;
    private final Unavailable unavailable;
    private final Duration time;
    private final List<OutgoingMail.Attachment> attachments = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private long left;
    private Spool.Entry current;
    private String reading;

    /**
     * @param workspace null if the build currently has none
     * @param spool where the files are copied to
     * @param limit maximum size of all files together, in bytes
     * @param megabytes the account's limit, for the error message
     * @param unavailable what happens if one is unavailable or too large
     */
    WorkspaceAttachments(
            @CheckForNull FilePath workspace,
            @NonNull Spool spool,
            long limit,
            int megabytes,
            Unavailable unavailable) {
        this(workspace, spool, limit, megabytes, unavailable, MAX_TIME);
    }

    WorkspaceAttachments(
            FilePath workspace, Spool spool, long limit, int megabytes, Unavailable unavailable, Duration time) {
        this.workspace = workspace;
        this.spool = spool;
        this.left = limit;
        this.megabytes = megabytes;
        this.unavailable = unavailable;
        this.time = time;
    }

    /**
     * The files collected, and the problems with others.
     *
     * @param attachments in the order of the patterns, each file once
     * @param problems one sentence each; empty for {@link Unavailable#FAIL}
     */
    record Collected(
            @NonNull List<OutgoingMail.Attachment> attachments,
            @NonNull List<String> problems) {}

    /**
     * Copies the matching files. Must be called only once.
     *
     * @param patterns Ant patterns relative to the workspace, separated by commas, with {@code \\,} for a comma in a
     *     name; null or blank for no attachments
     * @throws AbortException if there is no workspace, a pattern leads out of it or matches no file, more than
     *     {@link #MAX_FILES} match, or a file is a link out of it, is too large, cannot be read or takes too long; never
     *     for {@link Unavailable#LEAVE_OUT}
     */
    @NonNull
    Collected collect(@CheckForNull String patterns) throws AbortException, InterruptedException {
        String wanted = Util.fixEmptyAndTrim(patterns);
        if (wanted == null) {
            return new Collected(List.of(), List.of());
        }
        if (workspace == null) {
            give(Messages.WorkspaceAttachments_noWorkspace());
            return collected();
        }
        Future<Void> copying = Computer.threadPoolForRemoting.submit(() -> {
            copyAll(wanted);
            return null;
        });
        try {
            copying.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            late();
        } catch (ExecutionException e) {
            failed(e.getCause());
        } finally {
            copying.cancel(true);
        }
        return collected();
    }

    private synchronized Collected collected() {
        return new Collected(List.copyOf(attachments), List.copyOf(problems));
    }

    private void late() throws AbortException {
        long minutes = Math.max(1, time.toMinutes());
        String sentence;
        synchronized (this) {
            sentence = reading == null
                    ? Messages.WorkspaceAttachments_lateList(minutes)
                    : Messages.WorkspaceAttachments_late(reading, minutes);
            if (current != null) {
                current.abandon();
            }
        }
        give(sentence);
    }

    /** @param cause also an interrupt of the thread that was copying, as only the agent can have interrupted it */
    private void failed(Throwable cause) throws AbortException {
        LOGGER.log(Level.FINE, cause, () -> "Cannot read attachments from " + workspace);
        String sentence;
        synchronized (this) {
            sentence = sentence(cause);
            if (current != null) {
                current.abandon();
            }
        }
        give(sentence);
    }

    private String sentence(Throwable cause) {
        if (current != null && current.problem() != null) {
            return current.problem();
        }
        if (cause instanceof AbortException) {
            return cause.getMessage();
        }
        String reason = FileFailure.reason(cause);
        return reading == null
                ? Messages.WorkspaceAttachments_failedList(reason)
                : Messages.WorkspaceAttachments_failed(reading, reason);
    }

    private void give(String problem) throws AbortException {
        if (unavailable == Unavailable.FAIL) {
            throw new AbortException(OneLine.of(problem));
        }
        synchronized (this) {
            problems.add(OneLine.of(problem));
        }
    }

    private void copyAll(String wanted) throws IOException, InterruptedException {
        Map<String, FilePath> files = new LinkedHashMap<>();
        for (String entry : SEPARATOR.split(wanted)) {
            if (!entry.isEmpty()) {
                collect(() -> {
                    for (FilePath file : matching(entry.replace("\\,", ","))) {
                        files.put(file.getRemote(), file);
                    }
                });
            }
        }
        if (files.size() > MAX_FILES) {
            give(Messages.WorkspaceAttachments_tooMany(files.size(), MAX_FILES));
            return;
        }
        for (FilePath file : files.values()) {
            collect(() ->
                    copy(file, file.getRemote().substring(workspace.getRemote().length() + 1)));
        }
    }

    private interface Part {
        void collect() throws IOException, InterruptedException;
    }

    /** For {@link Unavailable#LEAVE_OUT}, skips only what cannot be read; if the agent is gone, that is everything. */
    private void collect(Part part) throws IOException, InterruptedException {
        try {
            part.collect();
        } catch (IOException | RuntimeException e) {
            if (unavailable == Unavailable.FAIL || !answers()) {
                throw e;
            }
            failed(e);
            synchronized (this) {
                current = null;
                reading = null;
            }
        }
    }

    private boolean answers() throws InterruptedException {
        try {
            return workspace.exists();
        } catch (IOException gone) {
            return false;
        }
    }

    private FilePath[] matching(String pattern) throws IOException, InterruptedException {
        if (leavesWorkspace(pattern)) {
            give(Messages.WorkspaceAttachments_outside(pattern));
            return new FilePath[0];
        }
        FilePath[] files = workspace.exists() ? workspace.list(pattern.replace(',', '?')) : new FilePath[0];
        if (files.length == 0) {
            give(Messages.WorkspaceAttachments_none(pattern));
        }
        return files;
    }

    private void copy(FilePath file, String relative) throws IOException, InterruptedException {
        String name = relative.replace('\\', '/');
        Spool.Entry entry = spool.entry();
        long limit;
        synchronized (this) {
            current = entry;
            reading = name;
            limit = left;
        }
        CopyRegularFile.Outcome outcome = workspace.act(new CopyRegularFile(relative, limit, entry));
        workspace.getChannel().syncLocalIO();
        entry.close();
        synchronized (this) {
            if (outcome == CopyRegularFile.Outcome.COPIED) {
                left -= entry.size();
                attachments.add(entry.as(file.getName()));
                current = null;
                return;
            }
            entry.abandon();
            current = null;
        }
        give(sentence(outcome, name));
    }

    private String sentence(CopyRegularFile.Outcome outcome, String name) {
        return switch (outcome) {
            case GONE -> Messages.WorkspaceAttachments_gone(name);
            case OUTSIDE -> Messages.WorkspaceAttachments_link(name);
            case NOT_REGULAR -> Messages.WorkspaceAttachments_notRegular(name);
            case DENIED -> Messages.WorkspaceAttachments_denied(name);
            case TOO_LARGE ->
                Messages.WorkspaceAttachments_tooLarge(
                        name, megabytes < 10 ? megabytes * 1024 + " KiB" : megabytes + " MiB");
            default -> Messages.WorkspaceAttachments_changed(name);
        };
    }

    /** Whether a path or pattern is absolute, on any platform, or contains {@code ..}. */
    static boolean leavesWorkspace(String pattern) {
        String path = pattern.replace('\\', '/');
        return path.startsWith("/")
                || path.matches("[A-Za-z]:.*")
                || path.equals("..")
                || path.startsWith("../")
                || path.endsWith("/..")
                || path.contains("/../");
    }
}
