package com.codahale.metrics;

/** Of the library that the Metrics plugin bundles. */
@FunctionalInterface
public interface Gauge<T> extends Metric {
    T getValue();
}
