package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Util;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.oauthmail.account.ActivitySource;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.jobs.AddressBook;
import io.jenkins.plugins.oauthmail.jobs.BuildLog;
import io.jenkins.plugins.oauthmail.jobs.DraftHeaders;
import io.jenkins.plugins.oauthmail.jobs.HtmlEscape;
import io.jenkins.plugins.oauthmail.jobs.JobAccess;
import io.jenkins.plugins.oauthmail.jobs.MailDraft;
import io.jenkins.plugins.oauthmail.jobs.MailOrigin;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** The notification of one build: the notifier's settings with all variables replaced. */
final class Notification {
    private static final Logger LOGGER = Logger.getLogger(Notification.class.getName());

    private final OAuthMailNotifier notifier;

    /** What is sent instead; the first one that is due is. */
    private final List<OAuthMailNotifier> variants;

    private final Run<?, ?> build;
    private final FilePath workspace;
    private final TaskListener listener;
    private final EnvVars variables;
    private final Placeholders placeholders;

    /** Whether Token Macro may be asked. */
    private final boolean macros;

    private MailOrigin origin;

    /** @param workspace null if there is none or its agent is gone */
    Notification(
            @NonNull OAuthMailNotifier notifier,
            @NonNull Run<?, ?> build,
            @CheckForNull FilePath workspace,
            @NonNull EnvVars variables,
            @NonNull TaskListener listener) {
        this(notifier, build, workspace, variables, listener, true);
    }

    private Notification(
            OAuthMailNotifier notifier,
            Run<?, ?> build,
            @CheckForNull FilePath workspace,
            EnvVars variables,
            TaskListener listener,
            boolean macros) {
        this.notifier = notifier.withDefaults(OAuthMailConfiguration.get());
        this.variants = notifier.getVariants().stream().map(notifier::with).toList();
        this.build = build;
        this.workspace = workspace;
        this.listener = listener;
        this.variables = variables;
        this.placeholders = new Placeholders(this::value);
        this.macros = macros;
        this.origin = MailOrigin.of(ActivitySource.NOTIFIER, build);
    }

    /** Hides secrets in what is recorded, see {@link MailOrigin#secrets}. */
    @NonNull
    Notification hiding(@NonNull List<String> secrets) {
        origin = origin.hiding(secrets);
        return this;
    }

    /**
     * Subject and bodies of the notification about a build, without recipients and attachments.
     *
     * @param variables the variables that are filled in; others, and macros, are left unchanged
     */
    @NonNull
    static MailDraft.Builder preview(
            @NonNull OAuthMailNotifier notifier, @NonNull Run<?, ?> build, @NonNull EnvVars variables)
            throws IOException, InterruptedException {
        return new Notification(notifier, build, null, variables, TaskListener.NULL, false)
                .content(BuildReport.of(build, TaskListener.NULL));
    }

    /**
     * The value of a placeholder: a variable of the build, otherwise what Token Macro makes of it.
     *
     * @param token the placeholder as written, including the dollar sign
     * @param name the name without dollar sign and braces; null if the placeholder is more than a name
     * @return null if it has no value
     */
    @CheckForNull
    private String value(String token, @CheckForNull String name) throws IOException, InterruptedException {
        String variable = name == null ? null : variables.get(name);
        return variable == null && macros ? MacroText.find(token, build, workspace, listener) : variable;
    }

    /**
     * Sends the notification if it is due for this build. The outcome is written to the build log.
     *
     * @throws AbortException if it could not be sent and the build should fail in that case
     */
    void sendIfDue() throws InterruptedException, AbortException {
        try {
            Set<NotifyWhen> occasions = EnumSet.noneOf(NotifyWhen.class);
            Integer every = notifier.getEveryFailures();
            for (OAuthMailNotifier variant : variants) {
                Set<NotifyWhen> ofVariant = occasionsOfVariant(variant);
                if (isDue(ofVariant)) {
                    new Notification(variant, build, workspace, variables, listener, macros)
                            .hiding(origin.secrets())
                            .send();
                    return;
                }
                occasions.addAll(ofVariant);
            }
            Set<NotifyWhen> otherwise = occasions(notifier);
            if (isDue(otherwise) || every != null && NotifyWhen.isNthFailure(build, every)) {
                send();
                return;
            }
            occasions.addAll(otherwise);
            listener.getLogger().println(Messages.Notification_notDue(named(occasions, every)));
        } catch (IOException failure) {
            fail(Messages.Notification_failed(failure.getMessage()));
        } catch (RuntimeException | LinkageError unforeseen) {
            // A build must not fail because of any error in its notification.
            LOGGER.log(Level.WARNING, unforeseen, () -> "Notification of " + build.getExternalizableId() + " failed");
            fail(Messages.Notification_unforeseen());
        }
    }

    /** A name can only be unknown if the job was edited by hand. */
    private static Set<NotifyWhen> occasions(OAuthMailNotifier notifier) throws AbortException {
        if (notifier.isForEveryFailuresOnly()) {
            return Set.of();
        }
        try {
            return NotifyWhen.parse(notifier.getWhen());
        } catch (IllegalArgumentException unknown) {
            throw new AbortException(unknown.getMessage());
        }
    }

    /** A variant that cannot be understood must not keep the others from being sent. */
    private Set<NotifyWhen> occasionsOfVariant(OAuthMailNotifier variant) {
        try {
            return occasions(variant);
        } catch (AbortException unknown) {
            log(Messages.Notification_failed(unknown.getMessage()));
            return Set.of();
        }
    }

    private boolean isDue(Set<NotifyWhen> occasions) {
        return occasions.stream().anyMatch(occasion -> occasion.matches(build));
    }

    private static String named(Set<NotifyWhen> occasions, @CheckForNull Integer every) {
        return Stream.concat(
                        occasions.stream().map(NotifyWhen::toString),
                        Stream.ofNullable(every).map(Messages::NotifyWhen_everyFailures))
                .reduce(Messages::Notification_or)
                .orElseThrow();
    }

    private void fail(String sentence) throws AbortException {
        if (notifier.isFailBuild()) {
            throw new AbortException(sentence);
        }
        listener.getLogger().println(OneLine.of(sentence));
    }

    private void send() throws IOException, InterruptedException {
        try {
            Recipients recipients = new Recipients(build, listener);
            MailFailure wrong = recipients.add(placeholders.fill(notifier.getTo(), value -> value));
            addPeople(recipients);
            Recipients copies = new Recipients(build, listener);
            MailFailure wrongCopy = copies.add(placeholders.fill(notifier.getCc(), value -> value));
            Recipients blindCopies = new Recipients(build, listener);
            MailFailure wrongBlindCopy = blindCopies.add(placeholders.fill(notifier.getBcc(), value -> value));
            boolean nobody = recipients.isEmpty() && copies.isEmpty() && blindCopies.isEmpty();
            if (nobody) {
                MailFailure why = wrong != null ? wrong : wrongCopy != null ? wrongCopy : wrongBlindCopy;
                if (why != null) {
                    throw why;
                }
            }
            recipients.reportLeftOut();
            copies.reportLeftOut();
            blindCopies.reportLeftOut();
            if (nobody && notifier.isForPeople()) {
                listener.getLogger().println(Messages.Notification_noRecipients());
                return;
            }
            MailAccount account = JobAccess.account(notifier.getAccount(), MailUse.SEND, build);
            String sender = sender(account);
            String answersTo = answersTo();
            BuildReport report = BuildReport.of(build, listener);
            DraftHeaders headers = MailThread.headers(build);
            UnaryOperator<MailDraft.Builder> addressed = draft -> draft.to(recipients.toString())
                    .cc(copies.toString())
                    .bcc(blindCopies.toString())
                    .from(sender)
                    .replyTo(answersTo)
                    .headers(headers)
                    .by(origin);
            SentMail sent = addressed
                    .apply(draft(report))
                    .build()
                    .sendAnyway(
                            account,
                            workspace,
                            listener,
                            addressed.apply(bare(report)).build());
            MailThread.sent(build, sent.messageId());
        } catch (MailFailure wrong) {
            throw new AbortException(wrong.getMessage());
        }
    }

    private void addPeople(Recipients recipients) {
        if (notifier.isForPeople() && !AddressBook.isInstalled()) {
            listener.getLogger().println(Messages.Notification_noAddressBook());
            return;
        }
        if (notifier.isRequestor()) {
            recipients.add(People.requestors(build, listener));
        }
        if (notifier.isCulprits()) {
            recipients.add(People.culprits(build, listener));
        }
        if (notifier.isCommitters()) {
            recipients.add(People.committers(build, listener));
        }
    }

    /** The sender that was asked for; null for the account's own address, also if it may not be used. */
    @CheckForNull
    private String sender(MailAccount account) throws IOException, InterruptedException {
        String wanted = Util.fixEmptyAndTrim(placeholders.fill(notifier.getFrom(), value -> value));
        if (wanted == null) {
            return null;
        }
        try {
            MailDraft.checkSender(account, wanted);
            return wanted;
        } catch (MailFailure | AbortException refusal) {
            log(Messages.Notification_otherSender(account.getAddress(), refusal.getMessage()));
            return null;
        }
    }

    /** Where replies go; empty for the sender. */
    private String answersTo() throws IOException, InterruptedException {
        Recipients answersTo = new Recipients(build, listener);
        MailFailure wrong = answersTo.add(placeholders.fill(notifier.getReplyTo(), value -> value));
        if (wrong != null) {
            log(Messages.Notification_otherReplyTo(wrong.getMessage()));
        }
        return answersTo.toString();
    }

    private void log(String sentence) {
        listener.getLogger().println(OneLine.of(sentence));
    }

    /** The report alone, for when the message that was asked for cannot be sent. */
    private static MailDraft.Builder bare(BuildReport report) {
        return MailDraft.about(report.title()).text(TextReport.of(report)).html(HtmlReport.of(report));
    }

    private MailDraft.Builder draft(BuildReport report) throws IOException, InterruptedException {
        return content(report)
                .attachments(Util.fixEmptyAndTrim(placeholders.fill(notifier.getAttachments(), value -> value)))
                .log(log());
    }

    private MailDraft.Builder content(BuildReport report) throws IOException, InterruptedException {
        boolean standard = notifier.getBody() == null && notifier.getHtml() == null;
        String subject = placeholders.fill(notifier.getSubject(), value -> value);
        return MailDraft.about(subject == null ? report.title() : OneLine.of(subject))
                .text(standard ? TextReport.of(report) : placeholders.fill(notifier.getBody(), value -> value))
                .html(
                        standard
                                ? HtmlReport.of(report)
                                : placeholders.fill(notifier.getHtml(), HtmlEscape::escapeLines));
    }

    @CheckForNull
    private BuildLog log() {
        try {
            return BuildLog.of(notifier.getAttachLog(), build);
        } catch (AbortException mistyped) {
            listener.getLogger().println(Messages.Notification_withoutLog(mistyped.getMessage()));
            return null;
        }
    }
}
