package jenkins.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Action;
import hudson.model.Job;
import hudson.model.Queue;
import hudson.model.Run;
import java.util.List;
import jenkins.triggers.TriggeredItem;

/** What jobs that can be queued have in common. */
public abstract class ParameterizedJobMixIn<
        JobT extends Job<JobT, RunT> & ParameterizedJobMixIn.ParameterizedJob<JobT, RunT>,
        RunT extends Run<JobT, RunT>> {
    private ParameterizedJobMixIn() {}

    @CheckForNull
    public static Queue.Item scheduleBuild2(Job<?, ?> job, int quietPeriod, Action... actions) {
        return job instanceof Queue.Task task && job.isBuildable()
                ? Queue.getInstance()
                        .schedule2(task, quietPeriod, List.of(actions))
                        .getItem()
                : null;
    }

    /** A job that can be queued. */
    public interface ParameterizedJob<
                    JobT extends Job<JobT, RunT> & ParameterizedJob<JobT, RunT>, RunT extends Run<JobT, RunT>>
            extends TriggeredItem {}
}
