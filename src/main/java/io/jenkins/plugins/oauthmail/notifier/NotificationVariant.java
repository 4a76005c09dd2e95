package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.oauthmail.jobs.TextArguments;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * What a notifier does differently after certain builds: other recipients, another subject, another text. What is null
 * is as in the notifier.
 */
@Restricted(NoExternalUse.class)
public final class NotificationVariant implements Describable<NotificationVariant> {
    private final String when;
    private String to;
    private String subject;
    private String body;
    private String html;

    /** @param when names of {@link NotifyWhen}, separated by commas; a name that is unknown is reported by the build */
    @DataBoundConstructor
    public NotificationVariant(String when) {
        this.when = canonical(Util.fixEmptyAndTrim(when));
    }

    private static String canonical(@CheckForNull String when) {
        try {
            return when == null ? null : NotifyWhen.join(NotifyWhen.parse(when));
        } catch (IllegalArgumentException unknown) {
            return when;
        }
    }

    /** Names of {@link NotifyWhen}, separated by commas. */
    @NonNull
    public String getWhen() {
        return when == null ? NotifyWhen.ALWAYS.name() : when;
    }

    /**
     * The builds it is for.
     *
     * @throws IllegalArgumentException with a message for the author of the job, if a name is unknown
     */
    @NonNull
    Set<NotifyWhen> occasions() {
        return NotifyWhen.parse(getWhen());
    }

    /** Whether the form's check box is selected. */
    @Restricted(DoNotUse.class) // Jelly only
    public boolean isTicked(@NonNull NotifyWhen occasion) {
        return occasion.isIn(getWhen());
    }

    /** In the format of {@link OAuthMailNotifier#getTo}; null for those of the notifier. */
    @CheckForNull
    public String getTo() {
        return to;
    }

    @DataBoundSetter
    public void setTo(@CheckForNull String to) {
        this.to = Util.fixEmptyAndTrim(to);
    }

    /** The subject, with build variables; null for that of the notifier. */
    @CheckForNull
    public String getSubject() {
        return subject;
    }

    @DataBoundSetter
    public void setSubject(@CheckForNull String subject) {
        this.subject = Util.fixEmptyAndTrim(subject);
    }

    /** Plain text with build variables; if {@link #getHtml} is null, too, both are those of the notifier. */
    @CheckForNull
    public String getBody() {
        return body;
    }

    @DataBoundSetter
    public void setBody(@CheckForNull String body) {
        this.body = Util.fixEmptyAndTrim(body);
    }

    /** HTML with build variables, whose values are escaped; see {@link #getBody}. */
    @CheckForNull
    public String getHtml() {
        return html;
    }

    @DataBoundSetter
    public void setHtml(@CheckForNull String html) {
        this.html = Util.fixEmptyAndTrim(html);
    }

    /** The arguments of a notifier in a pipeline as {@link TextArguments} converts them, within its variants as well. */
    @NonNull
    static Map<String, Object> asText(@NonNull Map<String, Object> arguments) {
        Map<String, Object> others = new LinkedHashMap<>(arguments);
        Object variants = others.remove("variants");
        Map<String, Object> texts = TextArguments.asText(others);
        if (variants != null) {
            List<Object> converted = new ArrayList<>();
            for (Object variant : variants instanceof List<?> several ? several : List.of(variants)) {
                converted.add(variant instanceof Map<?, ?> named ? ofVariant(named) : variant);
            }
            texts.put("variants", converted);
        }
        return texts;
    }

    private static Object ofVariant(Map<?, ?> named) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        named.forEach((name, value) -> arguments.put(String.valueOf(name), value));
        return TextArguments.asText(arguments);
    }

    /** The form and its checks. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<NotificationVariant> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.NotificationVariant_displayName();
        }

        /** The check boxes of the form; always if none is selected. */
        @NonNull
        @Restricted(DoNotUse.class) // Jelly only
        public List<NotifyWhen> getOccasions() {
            return List.copyOf(EnumSet.complementOf(EnumSet.of(NotifyWhen.ALWAYS)));
        }

        /** Shows what would be sent after the last build that this is for. */
        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doPreview(
                @AncestorInPath Item item,
                @QueryParameter String when,
                @QueryParameter String subject,
                @QueryParameter String body,
                @QueryParameter String html,
                @QueryParameter String usualSubject,
                @QueryParameter String usualBody,
                @QueryParameter String usualHtml) {
            return Preview.show(
                    item,
                    OAuthMailNotifier.typed(null, usualSubject, usualBody, usualHtml),
                    typed(when, subject, body, html));
        }

        /** Sends that to the user. */
        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doSendToMe(
                @AncestorInPath Item item,
                @QueryParameter String account,
                @QueryParameter String when,
                @QueryParameter String subject,
                @QueryParameter String body,
                @QueryParameter String html,
                @QueryParameter String usualSubject,
                @QueryParameter String usualBody,
                @QueryParameter String usualHtml) {
            return Preview.send(
                    item,
                    OAuthMailNotifier.typed(account, usualSubject, usualBody, usualHtml),
                    typed(when, subject, body, html));
        }

        private static NotificationVariant typed(String when, String subject, String body, String html) {
            NotificationVariant typed = new NotificationVariant(when);
            typed.setSubject(subject);
            typed.setBody(body);
            typed.setHtml(html);
            return typed;
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckTo(@AncestorInPath Item item, @QueryParameter String value) {
            return Recipients.checkOptional(item, value);
        }
    }
}
