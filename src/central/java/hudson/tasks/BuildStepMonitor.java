package hudson.tasks;

/** What a step waits for in builds that run at the same time. */
public enum BuildStepMonitor {
    NONE,
    STEP,
    BUILD
}
