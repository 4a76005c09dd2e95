package io.jenkins.plugins.oauthmail.trigger;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.config.StoredXml;
import io.jenkins.plugins.oauthmail.mail.model.MailAddress;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import java.time.Instant;
import java.util.Date;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The last message that a trigger looked at, and why it started a build or did not. Immutable; stored with the job. */
@Restricted(NoExternalUse.class)
public final class LastMail {
    private static final int MAX_TEXT = 300;

    /** What became of a message. The names are in files. */
    enum Verdict {
        STARTED,
        OTHER_SENDER,
        AUTOMATIC,
        KNOWN,
        UNREADABLE,
        /** Not a message: some may have come that it did not look at. */
        LOST_TRACK
    }

    private final long looked;
    private final String from;
    private final String subject;
    private final String verdict;
    private final String sentence;

    private LastMail(
            Instant looked,
            @CheckForNull String from,
            @CheckForNull String subject,
            Verdict verdict,
            @CheckForNull String sentence) {
        this.looked = looked.toEpochMilli();
        this.from = shortened(from);
        this.subject = shortened(subject);
        this.verdict = verdict.name();
        this.sentence = shortened(sentence);
    }

    static LastMail of(@NonNull ReceivedMail mail, @NonNull Verdict verdict, @NonNull Instant now) {
        String from = mail.from().stream().map(MailAddress::address).collect(Collectors.joining(", "));
        return new LastMail(now, from, mail.subject(), verdict, null);
    }

    /** @param sentence why it cannot be read */
    static LastMail unreadable(@NonNull String sentence, @NonNull Instant now) {
        return new LastMail(now, null, null, Verdict.UNREADABLE, sentence);
    }

    /** For a verdict that is not about one message. */
    static LastMail none(@NonNull Verdict verdict, @NonNull Instant now) {
        return new LastMail(now, null, null, verdict, null);
    }

    @CheckForNull
    private static String shortened(@CheckForNull String text) {
        return text == null ? null : OneLine.shortened(StoredXml.storable(OneLine.of(text)), MAX_TEXT);
    }

    /** When the trigger looked at it. */
    @NonNull
    public Date getLooked() {
        return new Date(looked);
    }

    /** The addresses in From; null if they are not known. */
    @CheckForNull
    public String getFrom() {
        return from;
    }

    @CheckForNull
    public String getSubject() {
        return subject;
    }

    /** Whether it started a build, and why it did not. */
    @NonNull
    public String getText() {
        return switch (kind()) {
            case STARTED -> Messages.LastMail_started();
            case OTHER_SENDER -> Messages.LastMail_otherSender();
            case AUTOMATIC -> Messages.LastMail_automatic();
            case KNOWN -> Messages.LastMail_known();
            case UNREADABLE -> Messages.LastMail_unreadable(sentence);
            case LOST_TRACK -> Messages.LastMail_lostTrack();
        };
    }

    private Verdict kind() {
        return Verdict.valueOf(verdict);
    }

    /** Whether it was read as it was written: later versions may know other verdicts. */
    boolean isWhole() {
        try {
            return verdict != null && kind() != null;
        } catch (IllegalArgumentException unknown) {
            return false;
        }
    }
}
