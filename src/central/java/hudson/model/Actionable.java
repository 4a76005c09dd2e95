package hudson.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Something that actions can be attached to. */
public abstract class Actionable extends AbstractModelObject {
    private final transient List<Action> attached = new CopyOnWriteArrayList<>();

    public void addAction(@NonNull Action a) {
        attached.add(a);
    }

    /** The first of a type; null if there is none. */
    public <T extends Action> T getAction(Class<T> type) {
        return attached.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElse(null);
    }
}
