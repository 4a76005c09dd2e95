package jenkins.model;

import hudson.model.Action;
import hudson.model.Run;

/** An action that learns which build it belongs to; nothing tells it here. */
public interface RunAction2 extends Action {
    void onAttached(Run<?, ?> r);

    void onLoad(Run<?, ?> r);
}
