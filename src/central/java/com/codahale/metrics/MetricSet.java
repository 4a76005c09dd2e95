package com.codahale.metrics;

import java.util.Map;

/** Of the library that the Metrics plugin bundles. */
public interface MetricSet extends Metric {
    Map<String, Metric> getMetrics();
}
