package jenkins.metrics.api;

import com.codahale.metrics.health.HealthCheck;
import hudson.ExtensionPoint;
import java.util.Map;

public abstract class HealthCheckProvider implements ExtensionPoint {
    public abstract Map<String, HealthCheck> getHealthChecks();
}
