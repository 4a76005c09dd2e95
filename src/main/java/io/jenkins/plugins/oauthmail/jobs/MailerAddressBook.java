package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.User;
import hudson.tasks.MailAddressResolver;
import java.util.Objects;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Uses the Mailer plugin. Without it Jenkins cannot instantiate this extension and ignores it. */
@Extension(optional = true)
@Restricted(NoExternalUse.class)
public final class MailerAddressBook extends AddressBook {
    /** Fails if the plugin is not installed. */
    public MailerAddressBook() {
        Objects.requireNonNull(MailAddressResolver.class);
    }

    @Override
    @CheckForNull
    String address(@NonNull User person) {
        String address = Util.fixEmptyAndTrim(MailAddressResolver.resolve(person));
        // If a user has no address and no default suffix is configured, Mailer returns only the name.
        return address == null || address.indexOf('@') < 0 ? null : address;
    }
}
