package com.codahale.metrics;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Keeps what it is asked for. */
public class MetricRegistry {
    private final ConcurrentMap<String, Counter> counters = new ConcurrentHashMap<>();

    public Counter counter(String name) {
        return counters.computeIfAbsent(name, unused -> new Counter());
    }

    public boolean remove(String name) {
        return counters.remove(name) != null;
    }

    public SortedMap<String, Counter> getCounters() {
        return new TreeMap<>(counters);
    }
}
