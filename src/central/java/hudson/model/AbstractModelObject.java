package hudson.model;

/** A base of many. */
public abstract class AbstractModelObject implements ModelObject {}
