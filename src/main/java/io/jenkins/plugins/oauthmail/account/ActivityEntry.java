package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * One use of a mail account: a message that was sent or refused, or messages that were read.
 *
 * @param time when it was finished
 * @param use whether mail was sent or read
 * @param source what used the account
 * @param job full name of the job; null if none did
 * @param build number of the build; 0 for none
 * @param count recipients of the message, or messages that were read
 * @param bytes size of the message; 0 if unknown
 * @param delay how long the message had to wait, for example because of a rate limit; zero if it did not
 * @param outcome how it ended
 * @param sentence why it failed, or which recipients were refused; null for nothing to say
 * @param subject subject of the message; null unless the account records subjects and addresses
 * @param addresses its recipients, or the senders of the messages that were read; null as above
 */
@Restricted(NoExternalUse.class)
public record ActivityEntry(
        @NonNull Instant time,
        @NonNull MailUse use,
        @NonNull ActivitySource source,
        @CheckForNull String job,
        int build,
        int count,
        long bytes,
        @NonNull Duration delay,
        @NonNull Outcome outcome,
        @CheckForNull String sentence,
        @CheckForNull String subject,
        @CheckForNull String addresses) {

    private static final int MAX_TEXT = 500;

    /** Anything around an at sign that could be an address, also one that no server would accept. */
    private static final Pattern ADDRESS =
            Pattern.compile("(?:\"[^\"@]*\"|[^\\s<>()\\[\\]\",:;'@]+)@[^\\s<>(),:;\"']*[^\\s<>(),:;\"'.?!]");

    /** How a use ended. The names are in files. */
    public enum Outcome {
        GOOD,
        /** Some of the recipients were refused. */
        PARTLY,
        FAILED,
        /** The message was submitted, but the server's reply never came. */
        UNKNOWN
    }

    public ActivityEntry {
        Objects.requireNonNull(time, "time");
        sentence = shortened(sentence == null ? null : FailureText.shortened(sentence, MAX_TEXT));
        subject = shortened(subject);
        addresses = shortened(addresses);
    }

    @CheckForNull
    private static String shortened(@CheckForNull String text) {
        return text == null || text.isEmpty() ? null : OneLine.shortened(text, MAX_TEXT);
    }

    /**
     * The same without subject and addresses, also without those that servers quote in their replies.
     *
     * @param own the account's address, which is no secret here
     */
    @NonNull
    public ActivityEntry withoutDetails(@NonNull String own) {
        String bare = sentence == null ? null : withoutAddresses(sentence, List.of(own));
        return new ActivityEntry(time, use, source, job, build, count, bytes, delay, outcome, bare, null, null);
    }

    /** @param own addresses that are no secret */
    @NonNull
    static String withoutAddresses(@NonNull String sentence, @NonNull Collection<String> own) {
        return ADDRESS.matcher(sentence)
                .replaceAll(found -> own.stream().anyMatch(found.group()::equalsIgnoreCase)
                        ? Matcher.quoteReplacement(found.group())
                        : "…@…");
    }
}
