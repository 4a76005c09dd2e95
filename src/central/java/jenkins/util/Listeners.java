package jenkins.util;

import hudson.ExtensionList;
import hudson.security.ACL;
import hudson.security.ACLContext;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Calls all listeners of a type, whatever one of them throws. */
public class Listeners {
    private Listeners() {}

    public static <L> void notify(Class<L> listenerType, boolean asSystem, Consumer<L> notification) {
        if (!asSystem) {
            notifyAll(listenerType, notification);
            return;
        }
        try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
            notifyAll(listenerType, notification);
        }
    }

    private static <L> void notifyAll(Class<L> listenerType, Consumer<L> notification) {
        for (L listener : ExtensionList.lookup(listenerType)) {
            try {
                notification.accept(listener);
            } catch (Throwable failure) {
                Logger.getLogger(listenerType.getName()).log(Level.WARNING, null, failure);
            }
        }
    }
}
