package hudson.tasks;

/** A step of a freestyle build. */
public interface BuildStep {
    default BuildStepMonitor getRequiredMonitorService() {
        return BuildStepMonitor.BUILD;
    }
}
