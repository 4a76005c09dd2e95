package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.User;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Looks up the email addresses of users, which Jenkins core does not know. */
@Restricted(NoExternalUse.class)
public abstract class AddressBook implements ExtensionPoint {
    /** Returns the user's address; null if unknown. */
    @CheckForNull
    abstract String address(@NonNull User person);

    /** Whether any address book is available. */
    public static boolean isInstalled() {
        return !ExtensionList.lookup(AddressBook.class).isEmpty();
    }

    /**
     * Asks all address books; returns the first address found, or null.
     *
     * @throws RuntimeException if an address book failed and no other one knows the address
     */
    @CheckForNull
    public static String find(@NonNull User person) {
        RuntimeException failed = null;
        for (AddressBook book : ExtensionList.lookup(AddressBook.class)) {
            try {
                String address = book.address(person);
                if (address != null) {
                    return address;
                }
            } catch (RuntimeException e) {
                failed = e;
            } catch (LinkageError e) {
                String message = e.getMessage();
                failed =
                        new IllegalStateException(message == null ? e.getClass().getSimpleName() : message, e);
            }
        }
        if (failed != null) {
            throw failed;
        }
        return null;
    }
}
