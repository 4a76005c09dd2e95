package io.jenkins.plugins.oauthmail.config;

import hudson.Util;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Fills the drop-downs of the account form and checks its fields while they are being edited. */
public abstract class MailAccountChecks extends Descriptor<MailAccount> {

    @POST
    @Restricted(DoNotUse.class) // Stapler only
    public ListBoxModel doFillApplicationItems(@QueryParameter String application) {
        ListBoxModel items = new ListBoxModel();
        if (Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
            OAuthMailConfiguration.get().getApplications().forEach(known -> items.add(known.getId()));
        }
        String current = Util.fixNull(application);
        boolean choiceNeeded = items.isEmpty() || !current.isEmpty();
        if (choiceNeeded && items.stream().noneMatch(item -> item.value.equals(current))) {
            items.add(0, new ListBoxModel.Option(current));
        }
        return items;
    }

    @POST
    @Restricted(DoNotUse.class) // Stapler only
    public FormValidation doCheckId(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return FieldRules.asTyped(value, FieldRules::id);
    }

    @POST
    @Restricted(DoNotUse.class) // Stapler only
    public FormValidation doCheckAddress(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return FieldRules.asTyped(value, FieldRules::address);
    }

    @POST
    @Restricted(DoNotUse.class) // Stapler only
    public FormValidation doCheckSignsInAs(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return FieldRules.asTyped(value, FieldRules::signInName);
    }

    @POST
    @Restricted(DoNotUse.class) // Stapler only
    public FormValidation doCheckApplication(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        // A new form checks before the drop-down is filled; the value is checked again when it is saved.
        boolean known = Util.fixEmpty(value) == null
                || OAuthMailConfiguration.get().application(value).isPresent();
        return known ? FormValidation.ok() : FormValidation.error(Messages.MailAccount_unknownApplication());
    }

    @POST
    @Restricted(DoNotUse.class) // Stapler only
    public FormValidation doCheckMaySend(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return JobPreview.of(value);
    }

    @POST
    @Restricted(DoNotUse.class) // Stapler only
    public FormValidation doCheckMayRead(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return JobPreview.of(value);
    }

    @POST
    @Restricted(DoNotUse.class) // Stapler only
    public FormValidation doCheckMaximumMegabytes(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return FormValidation.validateIntegerInRange(value, 1, FieldRules.MAX_MEGABYTES);
    }

    @POST
    @Restricted(DoNotUse.class) // Stapler only
    public FormValidation doCheckMaximumReadMegabytes(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return FormValidation.validateIntegerInRange(value, 1, FieldRules.MAX_READ_MEGABYTES);
    }

    @POST
    @Restricted(DoNotUse.class) // Stapler only
    public FormValidation doCheckMaximumReadMinutes(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return FormValidation.validateIntegerInRange(value, 1, FieldRules.MAX_READ_MINUTES);
    }

    @POST
    @Restricted(DoNotUse.class) // Stapler only
    public FormValidation doCheckAuthenticatedBy(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return FieldRules.asTyped(value, FieldRules::authenticator);
    }
}
