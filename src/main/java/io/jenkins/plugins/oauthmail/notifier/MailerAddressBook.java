package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.User;
import hudson.tasks.MailAddressResolver;
import java.util.Objects;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Asks the Mailer plugin. Without it Jenkins fails to make this, and there is none. */
@Extension(optional = true)
@Restricted(NoExternalUse.class)
public final class MailerAddressBook extends AddressBook {
    /** Fails if the plugin is not there. */
    public MailerAddressBook() {
        Objects.requireNonNull(MailAddressResolver.class);
    }

    @Override
    @CheckForNull
    String address(@NonNull User person) {
        String address = Util.fixEmptyAndTrim(MailAddressResolver.resolve(person));
        // Without a suffix for those who have no address Mailer answers with the name alone.
        return address == null || address.indexOf('@') < 0 ? null : address;
    }
}
