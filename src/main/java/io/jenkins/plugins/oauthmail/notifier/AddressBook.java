package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.User;

/** Looks up the email addresses of users, which Jenkins core does not know. */
abstract class AddressBook implements ExtensionPoint {
    /** Returns the user's address; null if unknown. */
    @CheckForNull
    abstract String address(@NonNull User person);

    /** Whether any address book is available. */
    static boolean isInstalled() {
        return !ExtensionList.lookup(AddressBook.class).isEmpty();
    }

    /**
     * Asks all address books; returns the first address found, or null.
     *
     * @throws RuntimeException if an address book failed and no other one knows the address
     */
    @CheckForNull
    static String find(@NonNull User person) {
        IllegalStateException failed = null;
        for (AddressBook book : ExtensionList.lookup(AddressBook.class)) {
            try {
                String address = book.address(person);
                if (address != null) {
                    return address;
                }
            } catch (RuntimeException | LinkageError e) {
                failed = new IllegalStateException(Lenient.reason(e), e);
            }
        }
        if (failed != null) {
            throw failed;
        }
        return null;
    }
}
