package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.User;
import io.jenkins.plugins.oauthmail.jobs.AddressBook;
import io.jenkins.plugins.oauthmail.mail.model.Addresses;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;

/**
 * The addresses of users. A user may type any address into their own profile, so an address proves nothing about who somebody
 * is on the page; it only says where to send this user's question, and whose answer is this user's.
 */
final class UserAddresses {
    private UserAddresses() {}

    /** The address of a user as it can be sent to; null if there is none. */
    @CheckForNull
    static String find(@NonNull User user) {
        String address = AddressBook.find(user);
        try {
            return address == null ? null : Addresses.bare(address);
        } catch (MailFailure notAnAddress) {
            return null;
        }
    }
}
