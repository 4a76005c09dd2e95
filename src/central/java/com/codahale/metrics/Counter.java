package com.codahale.metrics;

import java.util.concurrent.atomic.LongAdder;

/** Counts, in tests too. */
public class Counter implements Metric {
    private final LongAdder count = new LongAdder();

    public void inc() {
        count.increment();
    }

    public void inc(long n) {
        count.add(n);
    }

    public long getCount() {
        return count.sum();
    }
}
