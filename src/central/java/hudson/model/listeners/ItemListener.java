package hudson.model.listeners;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Item;

/** Is told of jobs and folders. */
public class ItemListener implements ExtensionPoint {
    public void onDeleted(Item item) {}

    public void onUpdated(Item item) {}

    public void onBeforeShutdown() {}

    public static ExtensionList<ItemListener> all() {
        return ExtensionList.lookup(ItemListener.class);
    }

    public static void fireOnUpdated(Item item) {
        all().forEach(listener -> listener.onUpdated(item));
    }

    public static void fireOnDeleted(Item item) {
        all().forEach(listener -> listener.onDeleted(item));
    }
}
