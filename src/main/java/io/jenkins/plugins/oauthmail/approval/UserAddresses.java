package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.Util;
import hudson.model.User;
import hudson.tasks.MailAddressResolver;
import io.jenkins.plugins.oauthmail.mail.model.Addresses;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import java.util.Objects;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Looks up the addresses of users. A user may type any address into the own profile, so an address proves nothing about who
 * somebody is on the page; it only says where to send this user's question, and whose answer is this user's.
 */
abstract class UserAddresses implements ExtensionPoint {
    /** Returns the user's address; null if unknown. */
    @CheckForNull
    abstract String address(@NonNull User user);

    /** The address of a user as it can be sent to; null if there is none. */
    @CheckForNull
    static String find(@NonNull User user) {
        for (UserAddresses book : ExtensionList.lookup(UserAddresses.class)) {
            String address = Util.fixEmptyAndTrim(book.address(user));
            try {
                // Without an address and a default suffix, Mailer returns only the name.
                if (address != null && address.indexOf('@') > 0) {
                    return Addresses.bare(address);
                }
            } catch (MailFailure notAnAddress) {
                continue;
            }
        }
        return null;
    }

    /** Uses the Mailer plugin. Without it Jenkins cannot instantiate this extension and ignores it. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class FromMailer extends UserAddresses {
        /** Fails if the plugin is not installed. */
        public FromMailer() {
            Objects.requireNonNull(MailAddressResolver.class);
        }

        @Override
        @CheckForNull
        String address(@NonNull User user) {
            return MailAddressResolver.resolve(user);
        }
    }
}
