package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.model.FileParameterDefinition;
import hudson.model.Item;
import hudson.model.ParameterDefinition;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.jobs.AccountChoice;
import io.jenkins.plugins.oauthmail.jobs.ListArgument;
import io.jenkins.plugins.oauthmail.jobs.TimeSpan;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jenkinsci.plugins.structs.describable.CustomDescribableModel;
import org.jenkinsci.plugins.structs.describable.UninstantiatedDescribable;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * {@code def decision = oauthMailApproval account: 'build-mail', approvers: ['anna@contoso.com', 'ben'], subject:
 * 'Deploy?', waitFor: '4h'}
 *
 * <p>Returns a map; see {@link ApprovalResult}. Stored with the program of a build, so fields may be added but not renamed.
 */
@Restricted(NoExternalUse.class)
public final class OAuthMailApprovalStep extends Step implements Serializable {
    private static final long serialVersionUID = 1;

    /** How many times somebody is reminded at most. */
    static final int MAX_REMINDERS = 10;

    static final String FAIL = "fail";
    static final String REJECT = "reject";
    static final String RETURN = "return";

    private static final String DEFAULT_WAIT = "1d";
    private static final List<String> DEFAULT_CHOICES = List.of("APPROVE", "REJECT");

    private final String account;
    private Object approvers;
    private Object approverGroups;
    private String subject;
    private String body;
    private String html;
    private String attachments;
    private String to;
    private String cc;
    private Object choices;
    private Integer required;
    private String waitFor;
    private String remindAfter;
    private String onReject;
    private String onTimeout;
    private Boolean announceEnd;
    private ArrayList<ParameterDefinition> parameters;

    /** @param account ID of the mail account to send with and to read */
    @DataBoundConstructor
    public OAuthMailApprovalStep(String account) {
        this.account = Util.fixEmptyAndTrim(account);
    }

    @CheckForNull
    public String getAccount() {
        return account;
    }

    /** Addresses or IDs of users, a text with commas or a list; null for none. */
    @CheckForNull
    public Object getApprovers() {
        return approvers;
    }

    @DataBoundSetter
    public void setApprovers(@CheckForNull Object approvers) {
        this.approvers = ListArgument.kept(approvers);
    }

    /** Names of groups whose members may decide on the page, a text with commas or a list; null for none. */
    @CheckForNull
    public Object getApproverGroups() {
        return approverGroups;
    }

    @DataBoundSetter
    public void setApproverGroups(@CheckForNull Object approverGroups) {
        this.approverGroups = ListArgument.kept(approverGroups);
    }

    @CheckForNull
    public String getSubject() {
        return subject;
    }

    @DataBoundSetter
    public void setSubject(@CheckForNull String subject) {
        this.subject = Util.fixEmptyAndTrim(subject);
    }

    @CheckForNull
    public String getBody() {
        return body;
    }

    @DataBoundSetter
    public void setBody(@CheckForNull String body) {
        this.body = Util.fixEmptyAndTrim(body);
    }

    @CheckForNull
    public String getHtml() {
        return html;
    }

    @DataBoundSetter
    public void setHtml(@CheckForNull String html) {
        this.html = Util.fixEmptyAndTrim(html);
    }

    /** Ant patterns relative to the workspace, separated by commas. */
    @CheckForNull
    public String getAttachments() {
        return attachments;
    }

    @DataBoundSetter
    public void setAttachments(@CheckForNull String attachments) {
        this.attachments = Util.fixEmptyAndTrim(attachments);
    }

    /** Who is informed but cannot decide: addresses with commas; null for nobody. */
    @CheckForNull
    public String getTo() {
        return to;
    }

    @DataBoundSetter
    public void setTo(@CheckForNull String to) {
        this.to = Util.fixEmptyAndTrim(to);
    }

    /** As {@link #getTo}. */
    @CheckForNull
    public String getCc() {
        return cc;
    }

    @DataBoundSetter
    public void setCc(@CheckForNull String cc) {
        this.cc = Util.fixEmptyAndTrim(cc);
    }

    /** The words to choose from, of which the last one rejects: a text with commas or a list. */
    @NonNull
    public Object getChoices() {
        return choices == null ? String.join(", ", DEFAULT_CHOICES) : choices;
    }

    @DataBoundSetter
    public void setChoices(@CheckForNull Object choices) {
        Object kept = ListArgument.kept(choices);
        this.choices = String.join(", ", DEFAULT_CHOICES).equals(kept) ? null : kept;
    }

    /** How many people must choose the same. */
    public int getRequired() {
        return required == null ? 1 : required;
    }

    @DataBoundSetter
    public void setRequired(int required) {
        this.required = required == 1 ? null : required;
    }

    /** How long there is to answer, such as {@code 4h}. */
    @NonNull
    public String getWaitFor() {
        return waitFor == null ? DEFAULT_WAIT : waitFor;
    }

    @DataBoundSetter
    public void setWaitFor(@CheckForNull String waitFor) {
        String time = Util.fixEmptyAndTrim(waitFor);
        this.waitFor = DEFAULT_WAIT.equals(time) ? null : time;
    }

    /** The interval at which those who have not answered are reminded; null for never. */
    @CheckForNull
    public String getRemindAfter() {
        return remindAfter;
    }

    @DataBoundSetter
    public void setRemindAfter(@CheckForNull String remindAfter) {
        this.remindAfter = Util.fixEmptyAndTrim(remindAfter);
    }

    /** {@code fail} or {@code return}. */
    @NonNull
    public String getOnReject() {
        return onReject == null ? FAIL : onReject;
    }

    @DataBoundSetter
    public void setOnReject(@CheckForNull String onReject) {
        String chosen = Util.fixEmptyAndTrim(onReject);
        this.onReject = FAIL.equals(chosen) ? null : chosen;
    }

    /** {@code fail}, {@code reject} or {@code return}. */
    @NonNull
    public String getOnTimeout() {
        return onTimeout == null ? FAIL : onTimeout;
    }

    @DataBoundSetter
    public void setOnTimeout(@CheckForNull String onTimeout) {
        String chosen = Util.fixEmptyAndTrim(onTimeout);
        this.onTimeout = FAIL.equals(chosen) ? null : chosen;
    }

    /** Whether those who were asked and have not answered get a message when there is nothing left to decide. */
    public boolean isAnnounceEnd() {
        return announceEnd == null;
    }

    @DataBoundSetter
    public void setAnnounceEnd(boolean announceEnd) {
        this.announceEnd = announceEnd ? null : Boolean.FALSE;
    }

    /** What to ask for on the page with a decision. */
    @NonNull
    public List<ParameterDefinition> getParameters() {
        return parameters == null ? List.of() : new ArrayList<>(parameters);
    }

    @DataBoundSetter
    public void setParameters(@CheckForNull List<ParameterDefinition> parameters) {
        this.parameters = parameters == null || parameters.isEmpty() ? null : new ArrayList<>(parameters);
    }

    @Override
    public StepExecution start(StepContext context) throws AbortException {
        return new ApprovalExecution(this, context);
    }

    @NonNull
    Duration waitTime() throws AbortException {
        return TimeSpan.parse("waitFor", getWaitFor());
    }

    @CheckForNull
    Duration reminderTime() throws AbortException {
        return remindAfter == null ? null : TimeSpan.parse("remindAfter", remindAfter);
    }

    /** Patterns of the attachments; null for none. */
    @CheckForNull
    String attachments() {
        return attachments;
    }

    /** Who is informed but cannot decide; null for nobody. */
    @CheckForNull
    String informed() {
        return Util.fixEmptyAndTrim(Stream.of(Util.fixNull(to), Util.fixNull(cc))
                .filter(one -> !one.isEmpty())
                .collect(Collectors.joining(", ")));
    }

    /** Offers the step and its form. */
    @Extension
    public static final class DescriptorImpl extends StepDescriptor implements CustomDescribableModel {
        @Override
        public String getFunctionName() {
            return "oauthMailApproval";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.OAuthMailApprovalStep_displayName();
        }

        /** Accepts lists of addresses and patterns as well as the text that a form gives. */
        @Override
        public Step newInstance(Map<String, Object> arguments) throws Exception {
            Map<String, Object> text = new LinkedHashMap<>(arguments);
            for (String name : new String[] {"to", "cc"}) {
                text.computeIfPresent(name, (same, value) -> ListArgument.joined(value));
            }
            text.computeIfPresent(
                    "attachments",
                    (same, value) -> value instanceof Collection<?> files
                            ? files.stream()
                                    .map(file -> String.valueOf(file).replace(",", "\\,"))
                                    .collect(Collectors.joining(","))
                            : value);
            return super.newInstance(text);
        }

        @NonNull
        @Override
        public Map<String, Object> customInstantiate(@NonNull Map<String, Object> arguments) {
            return PasswordDefaults.toSecrets(arguments);
        }

        @NonNull
        @Override
        public UninstantiatedDescribable customUninstantiate(@NonNull UninstantiatedDescribable step) {
            return step.withArguments(PasswordDefaults.toTexts(step.getArguments()));
        }

        /** For the form: all kinds but files, which could only be kept on the controller. */
        @NonNull
        @Restricted(DoNotUse.class) // Jelly only
        public List<ParameterDefinition.ParameterDescriptor> getParametersDescriptors() {
            return ExtensionList.lookup(ParameterDefinition.ParameterDescriptor.class).stream()
                    .filter(kind -> !FileParameterDefinition.class.isAssignableFrom(kind.clazz))
                    .toList();
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class);
        }

        @Override
        public String argumentsToString(@NonNull Map<String, Object> namedArgs) {
            Object subject = namedArgs.get("subject");
            return subject instanceof CharSequence text ? text.toString() : null;
        }

        /** Only accounts that the job may both send with and read. */
        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public ListBoxModel doFillAccountItems(@AncestorInPath Item item, @QueryParameter String account) {
            ListBoxModel items = AccountChoice.options(MailUse.READ, item, account);
            ListBoxModel sending = AccountChoice.options(MailUse.SEND, item, account);
            items.removeIf(option -> sending.stream().noneMatch(other -> other.value.equals(option.value)));
            return items;
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckAccount(@AncestorInPath Item item, @QueryParameter String value) {
            FormValidation reading = AccountChoice.checkAuthenticating(item, value);
            return reading.kind == FormValidation.Kind.OK ? AccountChoice.check(MailUse.SEND, item, value) : reading;
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckTo(@AncestorInPath Item item, @QueryParameter String value) {
            return AccountChoice.checkAddresses(item, "to", value);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckCc(@AncestorInPath Item item, @QueryParameter String value) {
            return AccountChoice.checkAddresses(item, "cc", value);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckSubject(@AncestorInPath Item item, @QueryParameter String value) {
            return AccountChoice.mayConfigure(item) && Util.fixEmptyAndTrim(value) == null
                    ? FormValidation.error(Messages.OAuthMailApprovalStep_subject())
                    : FormValidation.ok();
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckChoices(@AncestorInPath Item item, @QueryParameter String value) {
            if (!AccountChoice.mayConfigure(item)) {
                return FormValidation.ok();
            }
            OAuthMailApprovalStep step = new OAuthMailApprovalStep(null);
            step.setChoices(value);
            try {
                List<String> words = StepArguments.words(step.getChoices());
                return FormValidation.ok(Messages.OAuthMailApprovalStep_rejects(words.get(words.size() - 1)));
            } catch (AbortException e) {
                return FormValidation.error(e.getMessage());
            }
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckWaitFor(@AncestorInPath Item item, @QueryParameter String value) {
            String time = Util.fixEmptyAndTrim(value);
            if (!AccountChoice.mayConfigure(item) || time == null) {
                return FormValidation.ok();
            }
            try {
                return FormValidation.ok(Messages.OAuthMailApprovalStep_waitsUntil(
                        Instant.now().plus(TimeSpan.parse("waitFor", time)).truncatedTo(ChronoUnit.SECONDS)));
            } catch (AbortException e) {
                return FormValidation.error(e.getMessage());
            }
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckRemindAfter(@AncestorInPath Item item, @QueryParameter String value) {
            String time = Util.fixEmptyAndTrim(value);
            if (!AccountChoice.mayConfigure(item) || time == null) {
                return FormValidation.ok();
            }
            try {
                TimeSpan.parse("remindAfter", time);
                return FormValidation.ok();
            } catch (AbortException e) {
                return FormValidation.error(e.getMessage());
            }
        }

        /** Shows the question that the next build would mail. */
        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doPreview(
                @AncestorInPath Item item,
                @QueryParameter String account,
                @QueryParameter String approvers,
                @QueryParameter String approverGroups,
                @QueryParameter String subject,
                @QueryParameter String body,
                @QueryParameter String html,
                @QueryParameter String choices,
                @QueryParameter String required,
                @QueryParameter String waitFor) {
            return ApprovalPreview.show(
                    item, typed(account, approvers, approverGroups, subject, body, html, choices, required, waitFor));
        }

        /** Sends that to the user. */
        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doSendToMe(
                @AncestorInPath Item item,
                @QueryParameter String account,
                @QueryParameter String approvers,
                @QueryParameter String approverGroups,
                @QueryParameter String subject,
                @QueryParameter String body,
                @QueryParameter String html,
                @QueryParameter String choices,
                @QueryParameter String required,
                @QueryParameter String waitFor) {
            return ApprovalPreview.send(
                    item, typed(account, approvers, approverGroups, subject, body, html, choices, required, waitFor));
        }

        private static OAuthMailApprovalStep typed(
                String account,
                String approvers,
                String approverGroups,
                String subject,
                String body,
                String html,
                String choices,
                String required,
                String waitFor) {
            OAuthMailApprovalStep typed = new OAuthMailApprovalStep(account);
            typed.setApprovers(approvers);
            typed.setApproverGroups(approverGroups);
            typed.setSubject(subject);
            typed.setBody(body);
            typed.setHtml(html);
            if (Util.fixEmptyAndTrim(choices) != null) {
                typed.setChoices(choices);
            }
            if (Util.fixEmptyAndTrim(required) != null && required.strip().matches("[0-9]{1,4}")) {
                typed.setRequired(Integer.parseInt(required.strip()));
            }
            if (Util.fixEmptyAndTrim(waitFor) != null) {
                typed.setWaitFor(waitFor);
            }
            return typed;
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public ListBoxModel doFillOnRejectItems(@AncestorInPath Item item) {
            ListBoxModel items = new ListBoxModel();
            if (AccountChoice.mayConfigure(item)) {
                items.add(Messages.OAuthMailApprovalStep_fail(), FAIL);
                items.add(Messages.OAuthMailApprovalStep_return(), RETURN);
            }
            return items;
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public ListBoxModel doFillOnTimeoutItems(@AncestorInPath Item item) {
            ListBoxModel items = new ListBoxModel();
            if (AccountChoice.mayConfigure(item)) {
                items.add(Messages.OAuthMailApprovalStep_fail(), FAIL);
                items.add(Messages.OAuthMailApprovalStep_reject(), REJECT);
                items.add(Messages.OAuthMailApprovalStep_return(), RETURN);
            }
            return items;
        }
    }
}
