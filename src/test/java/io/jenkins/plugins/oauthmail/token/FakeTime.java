package io.jenkins.plugins.oauthmail.token;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Time that passes when somebody waits, or when the test says so. */
final class FakeTime implements TimeSource {

    private final List<Duration> pauses = new ArrayList<>();
    private final List<Task> tasks = new ArrayList<>();
    private Instant now = Instant.now();

    private record Task(Instant due, Runnable work) {}

    @Override
    public synchronized Instant now() {
        return now;
    }

    @Override
    public void pause(Duration duration) {
        synchronized (this) {
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

    /** Has time pass and does what is due by then. */
    void advance(Duration duration) {
        List<Task> due;
        synchronized (this) {
            now = now.plus(duration);
            due = tasks.stream().filter(task -> !task.due().isAfter(now)).toList();
            tasks.removeAll(due);
        }
        due.forEach(task -> task.work().run());
    }

    /** How long somebody waited, each time. */
    synchronized List<Duration> pauses() {
        return List.copyOf(pauses);
    }
}
