package hudson.model;

/** An item that can stand anywhere. */
public interface TopLevelItem extends Item {}
