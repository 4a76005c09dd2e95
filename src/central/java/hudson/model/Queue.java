package hudson.model;

import com.thoughtworks.xstream.XStream;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.queue.QueueListener;
import hudson.model.queue.ScheduleResult;
import hudson.util.XStream2;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import jenkins.model.Jenkins;

/** The builds to come. Nothing runs them here, and a restart forgets them. */
public class Queue {
    public static final XStream XSTREAM = new XStream2();

    private static Queue instance;

    private final Jenkins owner = Jenkins.get();
    private final List<Item> items = new CopyOnWriteArrayList<>();

    private Queue() {}

    @NonNull
    public static synchronized Queue getInstance() {
        if (instance == null || instance.owner != Jenkins.get()) {
            instance = new Queue();
        }
        return instance;
    }

    @NonNull
    public Item[] getItems() {
        return items.toArray(Item[]::new);
    }

    /** Makes one of two for the same task unless an action tells them apart. */
    @NonNull
    public ScheduleResult schedule2(Task p, int quietPeriod, List<Action> actions) {
        for (Item item : items) {
            boolean different = actions.stream()
                    .anyMatch(action -> action instanceof QueueAction teller && teller.shouldSchedule(item.actions));
            if (item.task == p && !different) {
                return result(item);
            }
        }
        for (QueueDecisionHandler handler : QueueDecisionHandler.all()) {
            if (!handler.shouldSchedule(p, actions)) {
                return result(null);
            }
        }
        Item item = new Item(p, actions) {};
        items.add(item);
        return result(item);
    }

    private static ScheduleResult result(Item item) {
        return new ScheduleResult() {
            @Override
            public Item getItem() {
                return item;
            }
        };
    }

    public boolean cancel(Item item) {
        if (!items.remove(item)) {
            return false;
        }
        LeftItem left = new LeftItem(item);
        QueueListener.all().forEach(listener -> listener.onLeft(left));
        return true;
    }

    /** What can be queued. */
    public interface Task {}

    /** Something in the queue. */
    public abstract static class Item extends Actionable {
        public final Task task;

        private final List<Action> actions;

        Item(Task task, List<Action> actions) {
            this.task = task;
            this.actions = actions;
            actions.forEach(this::addAction);
        }

        @Override
        public String getDisplayName() {
            return task.toString();
        }
    }

    /** Something that was in the queue. */
    public static final class LeftItem extends Item {
        LeftItem(Item item) {
            super(item.task, item.actions);
        }

        public boolean isCancelled() {
            return true;
        }
    }

    /** Decides whether something is queued. */
    public abstract static class QueueDecisionHandler implements ExtensionPoint {
        public abstract boolean shouldSchedule(Task p, List<Action> actions);

        public static ExtensionList<QueueDecisionHandler> all() {
            return ExtensionList.lookup(QueueDecisionHandler.class);
        }
    }

    /** Tells items of the same task apart. */
    public interface QueueAction extends Action {
        boolean shouldSchedule(List<Action> actions);
    }
}
