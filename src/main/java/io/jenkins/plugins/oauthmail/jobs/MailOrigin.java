package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.oauthmail.account.ActivityEntry;
import io.jenkins.plugins.oauthmail.account.ActivityEntry.Outcome;
import io.jenkins.plugins.oauthmail.account.ActivityLog;
import io.jenkins.plugins.oauthmail.account.ActivitySource;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.mail.model.MailAddress;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.mail.model.SendingStopped;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * What sends or reads mail, for the activity of the account.
 *
 * @param job full name of the job; null if no job does
 * @param build number of the build; 0 for none
 * @param run the build; null for none
 * @param secrets what the build log masks, and what is recorded should not show either
 */
@Restricted(NoExternalUse.class)
public record MailOrigin(
        @NonNull ActivitySource source,
        @CheckForNull String job,
        int build,
        @CheckForNull Run<?, ?> run,
        @NonNull List<String> secrets) {
    /** For mail of which nothing is known. */
    static final MailOrigin UNKNOWN = plugin(ActivitySource.UNKNOWN);

    /** A build. */
    @NonNull
    public static MailOrigin of(@NonNull ActivitySource source, @NonNull Run<?, ?> build) {
        return new MailOrigin(source, build.getParent().getFullName(), build.getNumber(), build, List.of());
    }

    /** A job, without a build. */
    @NonNull
    public static MailOrigin of(@NonNull ActivitySource source, @NonNull Job<?, ?> job) {
        return new MailOrigin(source, job.getFullName(), 0, null, List.of());
    }

    /** The plugin itself. */
    @NonNull
    public static MailOrigin plugin(@NonNull ActivitySource source) {
        return new MailOrigin(source, null, 0, null, List.of());
    }

    /** The same, for a step around which secrets are bound. */
    @NonNull
    public MailOrigin hiding(@NonNull List<String> some) {
        return new MailOrigin(source, job, build, run, some);
    }

    /**
     * Records a message that was sent.
     *
     * @param delay how long it had to wait
     */
    public void sent(
            @NonNull MailAccount account, @NonNull String subject, @NonNull SentMail mail, @NonNull Duration delay) {
        sent(account, subject, mail, List.of(), delay);
    }

    /**
     * Records a message that only some of its recipients received, because the build was stopped.
     *
     * @param delay how long it had to wait
     */
    public void stopped(
            @NonNull MailAccount account,
            @NonNull String subject,
            @NonNull SendingStopped stopped,
            @NonNull Duration delay) {
        sent(account, subject, stopped.delivered(), stopped.missed(), delay);
    }

    private void sent(MailAccount account, String subject, SentMail mail, List<String> missed, Duration delay) {
        List<String> refused = mail.refused();
        List<String> uncertain = mail.uncertain();
        List<String> recipients = Stream.of(mail.accepted(), refused, uncertain, missed)
                .flatMap(List::stream)
                .toList();
        String refusal = refused.isEmpty() ? null : Messages.MailOrigin_refused(String.join(", ", refused));
        String doubt = uncertain.isEmpty() ? null : Messages.MailOrigin_uncertain(String.join(", ", uncertain));
        String stop = missed.isEmpty() ? null : Messages.MailOrigin_stopped(String.join(", ", missed));
        record(
                account,
                MailUse.SEND,
                recipients.size(),
                mail.bytes(),
                delay,
                refusal == null && doubt == null && stop == null ? Outcome.GOOD : Outcome.PARTLY,
                Util.fixEmpty(
                        Stream.of(refusal, doubt, stop).filter(Objects::nonNull).collect(Collectors.joining(" "))),
                subject,
                String.join(", ", recipients));
    }

    /**
     * Records a message that was not sent, or perhaps not.
     *
     * @param recipients its recipients; none if they are not known
     * @param delay how long it had to wait
     */
    public void notSent(
            @NonNull MailAccount account,
            @NonNull String subject,
            @NonNull Collection<String> recipients,
            @NonNull MailFailure failure,
            @NonNull Duration delay) {
        record(
                account,
                MailUse.SEND,
                recipients.size(),
                0,
                delay,
                failure.fateUnknown() ? Outcome.UNKNOWN : Outcome.FAILED,
                failure.getMessage(),
                subject,
                String.join(", ", recipients));
    }

    /** Records a small message to one recipient, of which no more is known. */
    public void sentTo(@NonNull MailAccount account, @NonNull String recipient) {
        record(account, MailUse.SEND, 1, 0, Duration.ZERO, Outcome.GOOD, null, null, recipient);
    }

    /** Records that such a message was not sent, or perhaps not. */
    public void notSentTo(@NonNull MailAccount account, @NonNull String recipient, @NonNull MailFailure failure) {
        notSent(account, "", List.of(recipient), failure, Duration.ZERO);
    }

    /**
     * Records that somebody else got a token to send a message with. Whether it was sent is not known here.
     *
     * @param plugin the name of the plugin that got it
     */
    public void tokenGiven(@NonNull MailAccount account, @NonNull String plugin) {
        record(
                account,
                MailUse.SEND,
                0,
                0,
                Duration.ZERO,
                Outcome.UNKNOWN,
                Messages.MailOrigin_tokenGiven(plugin),
                null,
                null);
    }

    /** Records messages that were read; does nothing if there are none. */
    public void read(@NonNull MailAccount account, @NonNull Collection<ReceivedMail> mails) {
        if (mails.isEmpty()) {
            return;
        }
        record(
                account,
                MailUse.READ,
                mails.size(),
                0,
                Duration.ZERO,
                Outcome.GOOD,
                null,
                mails.size() == 1 ? mails.iterator().next().subject() : null,
                mails.stream()
                        .flatMap(mail -> mail.from().stream())
                        .map(MailAddress::address)
                        .distinct()
                        .collect(Collectors.joining(", ")));
    }

    /** Records that reading failed. */
    public void notRead(@NonNull MailAccount account, @NonNull MailFailure failure) {
        record(account, MailUse.READ, 0, 0, Duration.ZERO, Outcome.FAILED, failure.getMessage(), null, null);
    }

    private void record(
            MailAccount account,
            MailUse use,
            int count,
            long bytes,
            Duration delay,
            Outcome outcome,
            @CheckForNull String sentence,
            @CheckForNull String subject,
            @CheckForNull String addresses) {
        ActivityEntry entry = new ActivityEntry(
                Instant.now(),
                use,
                source,
                job,
                build,
                count,
                bytes,
                delay,
                outcome,
                line(sentence),
                line(subject),
                line(addresses));
        ActivityLog.get().record(account.getId(), entry);
        if (run != null && use == MailUse.SEND) {
            BuildMails.remember(run, account.getId(), entry);
        }
    }

    @CheckForNull
    private String line(@CheckForNull String text) {
        return text == null ? null : ReferenceSecrets.hide(OneLine.of(BoundSecrets.mask(text, secrets)));
    }
}
