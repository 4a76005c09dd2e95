package io.jenkins.plugins.oauthmail.faults;

import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Runs something that should come to an end by itself and leave nothing behind. */
final class Guarded {

    private static final Duration MAX = Duration.ofSeconds(20);
    private static final Duration LINGERING = Duration.ofSeconds(3);

    /** Of these the engine keeps one each, which end when they have had nothing to do for a while. */
    private static final String ENGINE = "oauth-mail ";

    /** A thread belongs to the group of the thread that started it, so this tells threads of other tests apart. */
    private static final ThreadGroup OURS = new ThreadGroup("faults");

    private final Set<Thread> threads = new HashSet<>(alive());
    private final Set<Path> files;

    Guarded() throws Exception {
        files = files();
    }

    /**
     * @param release lets it go if it does not end
     * @return its result, or null if it did not end; that is among the violations then
     */
    static <T> T run(Callable<T> work, Runnable release, List<Violation> violations) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = start(task, "faults case");
        try {
            return task.get(MAX.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            violations.add(new Violation("does not end", "not within " + MAX.toSeconds() + " s"));
            release.run();
            thread.interrupt();
            thread.join(MAX.toMillis());
            return null;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (Exception) e.getCause();
        }
    }

    /** Starts a daemon thread whose own threads count as left behind if they do not end. */
    static Thread start(Runnable work, String name) {
        Thread thread = new Thread(OURS, work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** What is there now and was not there when this was made. */
    List<Violation> left() throws Exception {
        List<Violation> left = new ArrayList<>();
        Set<String> engine = new HashSet<>();
        for (Thread thread : alive()) {
            if (threads.contains(thread)) {
                continue;
            }
            if (thread.getName().startsWith(ENGINE)) {
                if (!engine.add(thread.getName())) {
                    left.add(new Violation("thread left", "two of " + thread.getName()));
                }
                continue;
            }
            if (thread.getThreadGroup() != OURS || belongsToJdk(thread)) {
                continue;
            }
            thread.join(LINGERING.toMillis());
            if (thread.isAlive()) {
                left.add(new Violation("thread left", thread.getName()));
            }
        }
        return left;
    }

    /** Temporary files that are there now and were not there when this was made; others may be at work there, too. */
    Set<Path> filesLeft() throws Exception {
        Set<Path> now = files();
        now.removeAll(files);
        return now;
    }

    /** Removes those that are gone in a moment, such as those of tests in other processes. */
    static void removeGone(Set<Path> files) {
        long begin = System.nanoTime();
        files.removeIf(file -> !Files.exists(file));
        while (!files.isEmpty() && System.nanoTime() - begin < LINGERING.toNanos()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            files.removeIf(file -> !Files.exists(file));
        }
    }

    private static boolean belongsToJdk(Thread thread) {
        String name = thread.getName();
        return name.startsWith("HttpClient-")
                || name.startsWith("ForkJoinPool")
                || name.startsWith("CompletableFuture");
    }

    private static List<Thread> alive() {
        return List.copyOf(Thread.getAllStackTraces().keySet());
    }

    private static Set<Path> files() throws Exception {
        Set<Path> files = new HashSet<>();
        try (DirectoryStream<Path> found =
                Files.newDirectoryStream(Path.of(System.getProperty("java.io.tmpdir")), "oauth-mail*.eml")) {
            found.forEach(files::add);
        }
        return files;
    }
}
