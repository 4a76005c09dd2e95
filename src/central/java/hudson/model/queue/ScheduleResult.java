package hudson.model.queue;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Queue;

/** What the queue made of something. */
public abstract class ScheduleResult {
    @CheckForNull
    public Queue.Item getItem() {
        return null;
    }
}
