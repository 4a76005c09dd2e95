package com.codahale.metrics;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Keeps what it is asked for. */
public class MetricRegistry {
    private final ConcurrentMap<String, Counter> counters = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Gauge<?>> gauges = new ConcurrentHashMap<>();

    public Counter counter(String name) {
        return counters.computeIfAbsent(name, unused -> new Counter());
    }

    /** Like the real one, it refuses a name that is taken. */
    public <T extends Metric> T register(String name, T metric) throws IllegalArgumentException {
        if (counters.containsKey(name) || gauges.putIfAbsent(name, (Gauge<?>) metric) != null) {
            throw new IllegalArgumentException("A metric named " + name + " already exists");
        }
        return metric;
    }

    public boolean remove(String name) {
        return counters.remove(name) != null | gauges.remove(name) != null;
    }

    @SuppressWarnings("rawtypes") // as in the real one
    public SortedMap<String, Gauge> getGauges() {
        return new TreeMap<>(gauges);
    }

    public SortedMap<String, Counter> getCounters() {
        return new TreeMap<>(counters);
    }
}
