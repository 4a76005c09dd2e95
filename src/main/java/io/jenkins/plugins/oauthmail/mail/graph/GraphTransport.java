package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.compose.FinishedMessage;
import io.jenkins.plugins.oauthmail.mail.compose.MessageSize;
import io.jenkins.plugins.oauthmail.mail.compose.MimeComposer;
import io.jenkins.plugins.oauthmail.mail.connect.ContextLoader;
import io.jenkins.plugins.oauthmail.mail.connect.MailTransport;
import io.jenkins.plugins.oauthmail.mail.connect.RateLimit;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.model.FinishedMail;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Sends the mail of a mailbox with Microsoft Graph, 30 messages a minute at most. */
public final class GraphTransport implements MailTransport {

    /**
     * The largest message that is sent in one request, in bytes. A request takes 4 MB, but the server has been seen to
     * answer one of 2.2 MB with 200 and to send nothing.
     */
    static final int MAX_WHOLE = 1_500_000;

    /** The largest message without attachments, in bytes: base64 makes 4 MB of it. */
    static final int MAX_DRAFT = 2_900_000;

    private final Mailbox mailbox;
    private final Timeouts timeouts;
    private final GraphClient client;
    private final RateLimit pace;
    private final TimeSource time;
    private final int tries;

    /**
     * @param mailbox one that has a {@link Mailbox#graph}
     * @param tries the maximum number of attempts to send a message that the server defers
     * @param pace the rate limit of the mailbox, which a transport before this one may have used
     */
    public GraphTransport(Mailbox mailbox, Timeouts timeouts, TimeSource time, int tries, RateLimit pace) {
        this.mailbox = mailbox;
        this.timeouts = timeouts;
        this.client = new GraphClient(mailbox, timeouts);
        this.pace = pace;
        this.time = time;
        this.tries = tries;
    }

    @Override
    @NonNull
    public GraphTransport successor(@NonNull Mailbox next) {
        return new GraphTransport(next, timeouts, time, tries, pace);
    }

    @Override
    @NonNull
    public RateLimit pace() {
        return pace;
    }

    @Override
    @NonNull
    public SentMail send(@NonNull OutgoingMail mail, @NonNull Consumer<String> notices)
            throws MailFailure, InterruptedException {
        return submit(() -> content(mail), tries, FOREVER, true, notices);
    }

    private GraphSubmission.Content content(OutgoingMail mail) throws MailFailure, InterruptedException {
        MessageSize.check(mail, mailbox.maxMessageBytes());
        MimeComposer.Composed whole = new MimeComposer(mail).compose();
        long size = MessageSize.estimate(mail);
        if (mail.attachments().isEmpty() || size <= MAX_WHOLE) {
            return new GraphSubmission.Content(new SubmittedMime(whole, MAX_DRAFT), List.of(), size);
        }
        OutgoingMail rest = new OutgoingMail(
                mail.from(),
                mail.to(),
                mail.cc(),
                mail.bcc(),
                mail.replyTo(),
                mail.subject(),
                mail.text(),
                mail.html(),
                List.of(),
                mail.headers());
        return new GraphSubmission.Content(
                new SubmittedMime(new MimeComposer(rest).compose(), MAX_DRAFT), MimeComposer.sources(mail), size);
    }

    @Override
    @NonNull
    public SentMail relay(@NonNull FinishedMail mail, @NonNull Consumer<String> notices)
            throws MailFailure, InterruptedException {
        return submit(
                () -> {
                    MimeComposer.Composed composed =
                            FinishedMessage.compose(mail, mailbox.user(), mailbox.maxMessageBytes());
                    return new GraphSubmission.Content(
                            new SubmittedMime(composed, MAX_DRAFT),
                            List.of(),
                            composed.envelope().size());
                },
                1,
                RELAY_PATIENCE,
                false,
                notices);
    }

    private interface Composition {
        GraphSubmission.Content compose() throws MailFailure, InterruptedException;
    }

    private SentMail submit(
            Composition composition, int attempts, Duration patience, boolean looksUpId, Consumer<String> notices)
            throws MailFailure, InterruptedException {
        try (ContextLoader loader = new ContextLoader()) {
            GraphSubmission.Content content = composition.compose();
            return new GraphSubmission(client, content, pace, time, attempts, patience, looksUpId, notices).run();
        }
    }

    /** Does nothing: the HTTP connections belong to a shared client. */
    @Override
    public void close() {
        // Requests in progress end by themselves.
    }
}
