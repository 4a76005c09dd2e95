package hudson.model;

/** An action with an icon beside the build in lists. */
public interface BuildBadgeAction extends Action {}
