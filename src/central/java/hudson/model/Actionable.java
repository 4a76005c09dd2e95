package hudson.model;

/** Something that actions can be attached to. */
public abstract class Actionable extends AbstractModelObject {}
