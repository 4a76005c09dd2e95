package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.User;

/** Knows the mail addresses of people, which Jenkins itself does not. */
abstract class AddressBook implements ExtensionPoint {
    /** What stands in it; null if it knows none. */
    @CheckForNull
    abstract String address(@NonNull User person);

    /** Whether there is one. */
    static boolean isInstalled() {
        return !ExtensionList.lookup(AddressBook.class).isEmpty();
    }

    /** What the first one says that knows; null if none does. */
    @CheckForNull
    static String find(@NonNull User person) {
        for (AddressBook book : ExtensionList.lookup(AddressBook.class)) {
            String address = book.address(person);
            if (address != null) {
                return address;
            }
        }
        return null;
    }
}
