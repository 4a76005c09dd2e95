package hudson.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Something that actions can be attached to. */
public abstract class Actionable extends AbstractModelObject {
    private final transient List<Action> actions = new CopyOnWriteArrayList<>();

    @NonNull
    public final List<? extends Action> getAllActions() {
        return List.copyOf(actions);
    }

    public void addAction(@NonNull Action a) {
        actions.add(a);
    }

    @NonNull
    public <T extends Action> List<T> getActions(Class<T> type) {
        return actions.stream().filter(type::isInstance).map(type::cast).toList();
    }

    public <T extends Action> T getAction(Class<T> type) {
        return getActions(type).stream().findFirst().orElse(null);
    }
}
