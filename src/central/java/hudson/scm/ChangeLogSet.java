package hudson.scm;

import hudson.model.Run;
import hudson.model.User;

/** What changed in the sources of a build. */
public abstract class ChangeLogSet<T extends ChangeLogSet.Entry> implements Iterable<T> {
    protected ChangeLogSet(Run<?, ?> run, RepositoryBrowser<?> browser) {}

    /** One commit. */
    public abstract static class Entry {
        public String getCommitId() {
            return null;
        }

        public abstract String getMsg();

        public abstract User getAuthor();
    }
}
