package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Job;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.mail.model.Addresses;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Fills and checks fields that the forms of steps, notifier and trigger share. */
@Restricted(NoExternalUse.class)
public final class AccountChoice {
    private AccountChoice() {}

    /**
     * The accounts to choose from: in a job, those it may use; in a folder, those that every job directly inside may
     * use; elsewhere, all of them for an administrator. Users who may not see the item's configuration get only the
     * current value.
     *
     * @param item the form's job or folder; null if there is none
     * @param current the current value
     */
    @NonNull
    public static ListBoxModel options(@NonNull MailUse use, @CheckForNull Item item, @CheckForNull String current) {
        ListBoxModel items = new ListBoxModel();
        if (mayConfigure(item)) {
            OAuthMailConfiguration.get().getAccounts().stream()
                    .filter(account -> item == null || use.isAllowed(account, job(item)))
                    .map(MailAccount::getId)
                    .forEach(items::add);
        }
        String value = Util.fixNull(current);
        if (items.stream().noneMatch(option -> option.value.equals(value))) {
            items.add(0, new ListBoxModel.Option(value));
        }
        return items;
    }

    /** Checks that an account is selected that the form's job may use; checked again when the build uses it. */
    @NonNull
    public static FormValidation check(@NonNull MailUse use, @CheckForNull Item item, @CheckForNull String value) {
        return check(use, item, value, MailQuery.inbox());
    }

    /** Like {@link #check} for reading; also checks that the account can recognize authenticated senders. */
    @NonNull
    public static FormValidation checkAuthenticating(@CheckForNull Item item, @CheckForNull String value) {
        return check(
                MailUse.READ,
                item,
                value,
                MailQuery.in(MailQuery.INBOX).authenticated(true).build());
    }

    private static FormValidation check(
            MailUse use, @CheckForNull Item item, @CheckForNull String value, MailQuery query) {
        if (!mayConfigure(item)) {
            return FormValidation.ok();
        }
        if (Util.fixEmptyAndTrim(value) == null && options(use, item, null).size() > 1) {
            return FormValidation.error(Messages.AccountChoice_missing());
        }
        if (!(item instanceof Job)) {
            return FormValidation.ok();
        }
        try {
            JobAccess.checkRule(JobAccess.account(value, use, item.getFullName()), query);
            return FormValidation.ok();
        } catch (AbortException refusal) {
            return FormValidation.error(refusal.getMessage());
        }
    }

    /**
     * The job's full name; for a folder, whose snippet generator has no job, that of an imaginary job inside which no
     * pattern names.
     */
    private static String job(Item item) {
        return item instanceof Job ? item.getFullName() : item.getFullName() + "/*";
    }

    /** Checks an address field. */
    @NonNull
    public static FormValidation checkAddresses(
            @CheckForNull Item item, @NonNull String field, @CheckForNull String value) {
        if (!mayConfigure(item)) {
            return FormValidation.ok();
        }
        try {
            Addresses.parse(field, value);
            return FormValidation.ok();
        } catch (MailFailure failure) {
            // Variables are replaced when the build runs, so a value that contains them need not be an address yet.
            return Util.fixNull(value).contains("$") ? FormValidation.ok() : FormValidation.error(failure.getMessage());
        }
    }

    /**
     * Whether the user may see the form; others get no answer, not even about what they have typed.
     *
     * @param item the form's job or folder; null if there is none
     */
    public static boolean mayConfigure(@CheckForNull Item item) {
        return item == null ? Jenkins.get().hasPermission(Jenkins.ADMINISTER) : item.hasPermission(Item.EXTENDED_READ);
    }
}
