package io.jenkins.plugins.oauthmail.testing;

import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Time that passes only during pauses and when a test advances it. */
public final class FakeTime implements TimeSource {

    private final List<Duration> pauses = new ArrayList<>();
    private final List<Task> tasks = new ArrayList<>();
    private Instant now = Instant.now();
    private boolean interrupting;

    private record Task(Instant due, Runnable work) {}

    @Override
    public synchronized Instant now() {
        return now;
    }

    @Override
    public void pause(Duration duration) throws InterruptedException {
        synchronized (this) {
            if (interrupting) {
                throw new InterruptedException("the build is stopped");
            }
            pauses.add(duration);
        }
        advance(duration);
    }

    @Override
    public synchronized void later(Duration delay, Runnable task) {
        tasks.add(new Task(now.plus(delay), task));
    }

    @Override
    public double chance() {
        return 0.5;
    }

    /** Moves the time on and runs the tasks that are due by then. */
    public void advance(Duration duration) {
        List<Task> due;
        synchronized (this) {
            now = now.plus(duration);
            due = tasks.stream().filter(task -> !task.due().isAfter(now)).toList();
            tasks.removeAll(due);
        }
        due.forEach(task -> task.work().run());
    }

    /** From now on, every pause is interrupted. */
    public synchronized void interruptPauses() {
        interrupting = true;
    }

    /** The length of each pause so far. */
    public synchronized List<Duration> pauses() {
        return List.copyOf(pauses);
    }

    /** The length of all pauses together. */
    public synchronized Duration waited() {
        return pauses.stream().reduce(Duration.ZERO, Duration::plus);
    }
}
