package org.jenkinsci.plugins.workflow.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Computer;
import hudson.security.ACL;
import hudson.security.ACLContext;
import java.util.concurrent.Future;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/** A step that runs in a thread of its own and does not survive a restart. */
public abstract class SynchronousNonBlockingStepExecution<T> extends StepExecution {
    private static final long serialVersionUID = 1;

    private transient volatile Future<?> task;
    private transient volatile boolean stopped;

    protected SynchronousNonBlockingStepExecution(@NonNull StepContext context) {
        super(context);
    }

    protected abstract T run() throws Exception;

    @Override
    public final boolean start() throws Exception {
        Authentication starter = Jenkins.getAuthentication2();
        task = Computer.threadPoolForRemoting.submit(() -> runAs(starter));
        return false;
    }

    @Override
    public void stop(@NonNull Throwable cause) throws Exception {
        stopped = true;
        if (task != null) {
            task.cancel(true);
        }
        super.stop(cause);
    }

    @Override
    public void onResume() {
        getContext()
                .onFailure(new Exception("Resume after a restart not supported for non-blocking synchronous steps"));
    }

    private void runAs(Authentication starter) {
        try {
            T result;
            try (ACLContext acting = ACL.as2(starter)) {
                result = run();
            }
            getContext().onSuccess(result);
        } catch (Throwable failure) {
            if (!stopped) {
                getContext().onFailure(failure);
            }
        }
    }
}
