package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.User;
import hudson.util.FormValidation;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.jobs.AccountChoice;
import io.jenkins.plugins.oauthmail.jobs.AddressBook;
import io.jenkins.plugins.oauthmail.mail.model.Addresses;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;

/** The recipients of a notification, each address once. Users who are left out are reported in the build log. */
final class Recipients {
    private static final Logger LOGGER = Logger.getLogger(Recipients.class.getName());
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?\\w");

    private final Run<?, ?> build;
    private final TaskListener listener;
    private final Map<String, String> entries = new LinkedHashMap<>();
    private final List<String> leftOut = new ArrayList<>();

    Recipients(@NonNull Run<?, ?> build, @NonNull TaskListener listener) {
        this.build = build;
        this.listener = listener;
    }

    /**
     * Adds addresses that were typed or pasted, without those that are invalid.
     *
     * @return why the first one was left out; null if none was
     */
    @CheckForNull
    MailFailure add(@CheckForNull String typed) {
        String list = Util.fixNull(asList(typed));
        try {
            for (String entry : Addresses.parse("to", list)) {
                put(entry);
            }
            return null;
        } catch (MailFailure wrong) {
            addEach(list);
            return wrong;
        }
    }

    private void addEach(String list) {
        for (String part : parts(list)) {
            try {
                for (String entry : Addresses.parse("to", part)) {
                    put(entry);
                }
            } catch (MailFailure wrong) {
                leftOut.add(
                        VARIABLE.matcher(part).find()
                                ? Messages.Recipients_noValue(OneLine.of(part))
                                : Messages.Recipients_badEntry(OneLine.of(part), wrong.getMessage()));
            }
        }
    }

    /** Reports typed addresses that were left out. */
    void reportLeftOut() {
        leftOut.forEach(listener.getLogger()::println);
    }

    /** Adds the users whose addresses are known. */
    void add(@NonNull Collection<User> people) {
        for (User person : people) {
            try {
                add(person);
            } catch (RuntimeException | LinkageError e) {
                LOGGER.log(Level.WARNING, e, () -> "Cannot look up " + person);
                log(Messages.Recipients_failed(person.getId(), OptionalPart.reason(e)));
            }
        }
    }

    private void add(User person) {
        String address = AddressBook.find(person);
        if (address == null) {
            log(Messages.Recipients_noAddress(person.getId()));
        } else if (!People.maySee(person, build, isOfCommitterDomain(address))) {
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

    /** Whether an administrator allows reports to this address although it may belong to nobody with an account. */
    private static boolean isOfCommitterDomain(String address) {
        try {
            String bare = CaseFolding.asciiLower(Addresses.bare(address));
            return OAuthMailConfiguration.get().committerDomains().contains(bare.substring(bare.lastIndexOf('@') + 1));
        } catch (MailFailure wrong) {
            return false;
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
                ? FormValidation.error(Messages.OAuthMailNotifier_noRecipients())
                : checkOptional(item, typed);
    }

    /** Like {@link #check}, if there may be none, since users are notified as well. */
    static FormValidation checkOptional(@CheckForNull Item item, @CheckForNull String typed) {
        return maySee(item) ? AccountChoice.checkAddresses(item, "to", asList(typed)) : FormValidation.ok();
    }

    private static boolean maySee(@CheckForNull Item item) {
        return item == null ? Jenkins.get().hasPermission(Jenkins.ADMINISTER) : item.hasPermission(Item.EXTENDED_READ);
    }

    /** The entries of a list with commas, which need not be valid. Commas in quoted names and comments are no separators. */
    private static List<String> parts(String list) {
        boolean quotes = list.chars().filter(c -> c == '"').count() % 2 == 0;
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean quoted = false;
        for (char c : list.toCharArray()) {
            quoted ^= quotes && c == '"';
            if (c == ',' && !quoted) {
                parts.add(part.toString().strip());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString().strip());
        parts.removeIf(String::isEmpty);
        return parts;
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
