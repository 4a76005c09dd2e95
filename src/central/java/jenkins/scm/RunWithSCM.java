package jenkins.scm;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.User;
import hudson.scm.ChangeLogSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A build that knows the changes in its sources. */
public interface RunWithSCM<JobT extends Job<JobT, RunT>, RunT extends Run<JobT, RunT> & RunWithSCM<JobT, RunT>> {
    @NonNull
    List<ChangeLogSet<? extends ChangeLogSet.Entry>> getChangeSets();

    /** Who changed something since the last build that was a success. */
    @NonNull
    @SuppressWarnings("unchecked")
    default Set<User> getCulprits() {
        Set<User> culprits = new LinkedHashSet<>();
        RunT previous = ((RunT) this).getPreviousCompletedBuild();
        Result before = previous == null ? null : previous.getResult();
        if (before != null && before.isWorseThan(Result.SUCCESS)) {
            culprits.addAll(previous.getCulprits());
        }
        getChangeSets().forEach(set -> set.forEach(entry -> culprits.add(entry.getAuthor())));
        return culprits;
    }
}
