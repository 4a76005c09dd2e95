package hudson.tasks;

/** The old face of a step. */
@Deprecated
public abstract class BuildStepCompatibilityLayer implements BuildStep {}
