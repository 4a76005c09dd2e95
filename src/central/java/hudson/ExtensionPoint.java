package hudson;

/** A kind of extension. */
public interface ExtensionPoint {}
