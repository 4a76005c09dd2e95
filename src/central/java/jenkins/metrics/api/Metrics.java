package jenkins.metrics.api;

import com.codahale.metrics.MetricRegistry;

/** One registry for the whole JVM. */
public class Metrics {
    private static final MetricRegistry REGISTRY = new MetricRegistry();

    public static MetricRegistry metricRegistry() {
        return REGISTRY;
    }
}
