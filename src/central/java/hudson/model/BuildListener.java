package hudson.model;

/** The log of a freestyle build. */
public interface BuildListener extends TaskListener {}
