package io.jenkins.plugins.oauthmail.neighbours;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.mail.model.Addresses;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import jenkins.model.JenkinsLocationConfiguration;

/** The System Admin e-mail address, which other plugins put into From. */
final class SystemAdmin {
    private SystemAdmin() {}

    /**
     * Checks that an account may send as it.
     *
     * @param plugin what sends, as users know it
     * @return the problem and the fix; null if there is none
     */
    @CheckForNull
    static String problem(@NonNull String plugin, @NonNull MailAccount account) {
        String whole = JenkinsLocationConfiguration.get().getAdminAddress();
        String address = bare(whole);
        return account.senders().stream().anyMatch(address::equalsIgnoreCase)
                ? null
                : Messages.SystemAdmin_otherSender(plugin, address, account.getId(), account.getAddress());
    }

    private static String bare(String typed) {
        try {
            return Addresses.bare(typed);
        } catch (MailFailure noAddress) {
            return typed;
        }
    }
}
