package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.User;
import hudson.util.FormValidation;
import io.jenkins.plugins.oauthmail.jobs.AccountChoice;
import io.jenkins.plugins.oauthmail.mail.model.Addresses;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import jenkins.model.Jenkins;

/** The recipients of a notification, each address once. Users who are left out are reported in the build log. */
final class Recipients {
    private final Run<?, ?> build;
    private final TaskListener listener;
    private final Map<String, String> entries = new LinkedHashMap<>();

    Recipients(@NonNull Run<?, ?> build, @NonNull TaskListener listener) {
        this.build = build;
        this.listener = listener;
    }

    /**
     * Adds addresses that were typed or pasted.
     *
     * @throws MailFailure if they are not a valid list: an invalid address is not skipped
     */
    void add(@CheckForNull String typed) throws MailFailure {
        for (String entry : Addresses.parse("to", asList(typed))) {
            put(entry);
        }
    }

    /** Adds the users whose addresses are known. */
    void add(@NonNull Collection<User> people) {
        for (User person : people) {
            String address = AddressBook.find(person);
            if (address == null) {
                log(Messages.Recipients_noAddress(person.getId()));
            } else if (!People.maySee(person, build)) {
                log(Messages.Recipients_mayNotRead(person.getId()));
            } else {
                try {
                    for (String entry : Addresses.parse("to", address)) {
                        put(entry);
                    }
                } catch (MailFailure wrong) {
                    log(Messages.Recipients_badAddress(person.getId(), wrong.getMessage()));
                }
            }
        }
    }

    private void log(String sentence) {
        listener.getLogger().println(OneLine.of(sentence));
    }

    private void put(String entry) throws MailFailure {
        entries.putIfAbsent(CaseFolding.asciiLower(Addresses.bare(entry)), entry);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** The addresses, separated by commas. */
    @Override
    public String toString() {
        return String.join(", ", entries.values());
    }

    /**
     * Validates typed recipients for users who may see the configuration.
     *
     * @param item the form's job or folder; null if there is none
     */
    static FormValidation check(@CheckForNull Item item, @CheckForNull String typed) {
        return asList(typed) == null && maySee(item)
                ? FormValidation.error(Messages.OAuthMailNotifier_nobody())
                : checkOptional(item, typed);
    }

    /** Like {@link #check}, if there may be none, since users are notified as well. */
    static FormValidation checkOptional(@CheckForNull Item item, @CheckForNull String typed) {
        return maySee(item) ? AccountChoice.checkAddresses(item, "to", asList(typed)) : FormValidation.ok();
    }

    private static boolean maySee(@CheckForNull Item item) {
        return item == null ? Jenkins.get().hasPermission(Jenkins.ADMINISTER) : item.hasPermission(Item.EXTENDED_READ);
    }

    /**
     * Converts a list as copied from mail programs and tables, with semicolons or one address per line, to a list with
     * commas. Quoted text is a name and stays unchanged.
     */
    @CheckForNull
    static String asList(@CheckForNull String pasted) {
        StringBuilder list = new StringBuilder();
        boolean quoted = false;
        boolean separated = true;
        for (char c : Util.fixNull(pasted).toCharArray()) {
            quoted ^= c == '"';
            boolean separator = !quoted && (c == ';' || c == ',') || c == '\n' || c == '\r';
            if (!separator) {
                list.append(c == '\t' || c == '\u00a0' ? ' ' : c);
                separated &= Character.isWhitespace(c);
            } else if (!separated) {
                list.append(", ");
                separated = true;
            }
        }
        return Util.fixEmptyAndTrim(list.toString().strip().replaceFirst(",$", ""));
    }
}
