package hudson.scm;

/** Shows changes elsewhere; here there is none. */
public abstract class RepositoryBrowser<E extends ChangeLogSet.Entry> {}
