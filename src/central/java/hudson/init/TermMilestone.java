package hudson.init;

/** How far a controller has come with its end. */
public enum TermMilestone {
    STARTED,
    COMPLETED
}
