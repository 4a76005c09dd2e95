package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.oauthmail.mail.compose.AttachmentSource;
import io.jenkins.plugins.oauthmail.mail.compose.BrokenAttachment;
import io.jenkins.plugins.oauthmail.mail.connect.Backoff;
import io.jenkins.plugins.oauthmail.mail.connect.RateLimit;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.connect.WaitLimit;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MessageId;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The submission of one message: in one request, or as a draft that is sent when it is complete. A draft shows which
 * Message-ID the server has given the message, and whether it was sent when the answer is lost, so it is preferred if
 * the mailbox may be read. Only requests that the server certainly did not carry out are repeated.
 */
final class GraphSubmission {
    private static final Logger LOGGER = Logger.getLogger(GraphSubmission.class.getName());

    /** Below the 4 MB that a request may have, and a multiple of what upload sessions prefer. */
    private static final int UPLOADED_AT_ONCE = 12 * 320 * 1024;

    /** The largest attachment that fits in one request as base64. */
    private static final int MAX_POSTED = 2_900_000;

    /** The server says so about attachments of less than 3 MB, whatever it takes for a MB. */
    private static final String TOO_SMALL = "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize";

    /** How often, and how long apart, the copy of a sent message is looked up. */
    private static final int LOOKS = 3;

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    /** For all of these looks: the message has been sent, and somebody waits to hear so. */
    private static final Duration LOOKING = Duration.ofSeconds(15);

    private final GraphClient client;
    private final Content mail;
    private final RateLimit pace;
    private final TimeSource time;
    private final int tries;
    private final WaitLimit limit;
    private final boolean looksUpId;
    private final Consumer<String> notices;

    /** The id of the draft; null while there is none. */
    private String draft;
    /** Its Message-ID, which the server may have chosen. */
    private String draftMessageId;
    /** How many attachments it has. */
    private int attached;
    /** Whether the server did not say for certain what it has. */
    private boolean contentUnknown;

    /**
     * @param tries how often the message is offered if the server defers it
     * @param patience how long it may wait until it is submitted
     * @param looksUpId whether anybody wants to know the Message-ID if the server may have chosen another one when it
     *     sent the message
     */
    GraphSubmission(
            GraphClient client,
            Content mail,
            RateLimit pace,
            TimeSource time,
            int tries,
            Duration patience,
            boolean looksUpId,
            Consumer<String> notices) {
        this.client = client;
        this.mail = mail;
        this.pace = pace;
        this.time = time;
        this.tries = tries;
        this.limit = new WaitLimit(time, patience);
        this.looksUpId = looksUpId;
        this.notices = notices;
    }

    /**
     * What to send.
     *
     * @param mime the message, without the attachments that are sent apart
     * @param apart attachments to add to the draft
     * @param estimate the estimated size of everything, in bytes
     */
    record Content(SubmittedMime mime, List<AttachmentSource> apart, long estimate) {
        long size() {
            return apart.isEmpty() ? mime.size() : estimate;
        }
    }

    SentMail run() throws MailFailure, InterruptedException {
        boolean sent = false;
        try {
            String messageId = needsDraft() || client.service().keepsDrafts() ? asDraft() : whole();
            sent = true;
            return new SentMail(
                    messageId,
                    mail.mime().messageId(),
                    List.of(),
                    mail.mime().recipients(),
                    List.of(),
                    List.of(),
                    mail.size());
        } catch (MailFailure failure) {
            // It may be on its way.
            sent = failure.fateUnknown();
            throw failure;
        } finally {
            if (!sent) {
                discardLater();
            }
        }
    }

    private boolean needsDraft() {
        return !mail.apart().isEmpty() || mail.mime().size() > GraphTransport.MAX_WHOLE;
    }

    private String whole() throws MailFailure, InterruptedException {
        insist(() -> {
            sendWhole();
            return null;
        });
        return mail.mime().messageId();
    }

    private void sendWhole() throws MailFailure, InterruptedException {
        accepted(GraphCall.mime(client.uri("sendMail"), mail.mime()::base64));
    }

    private String asDraft() throws MailFailure, InterruptedException {
        insist(() -> {
            try {
                prepare();
            } catch (MailFailure failure) {
                if (contentUnknown || isUnanswered(failure)) {
                    discard();
                }
                throw failure;
            }
            if (draft == null) {
                sendWhole();
            } else {
                send();
            }
            return null;
        });
        return draft == null ? mail.mime().messageId() : keptMessageId();
    }

    private interface Attempt {
        Void make() throws MailFailure, InterruptedException;
    }

    private void insist(Attempt attempt) throws MailFailure, InterruptedException {
        for (int failed = 1; ; failed++) {
            pace.awaitTurn(time, limit.left(), notices);
            try {
                attempt.make();
                return;
            } catch (MailFailure failure) {
                if (!failure.temporary() || failed >= tries) {
                    throw failure;
                }
                Duration wait = failure.retryAfter().orElse(Backoff.after(failed, time.chance()));
                long seconds = Math.max(1, (wait.toMillis() + 999) / 1000);
                notices.accept(Messages.GraphSubmission_again(failure.getMessage(), seconds, failed, tries));
                time.pause(wait);
            }
        }
    }

    /**
     * Creates the draft, or continues where the server asked to wait. There is none afterwards if the server lets none be
     * made, such as because the account was authorized before jobs were allowed to read it, and the message needs none.
     */
    private void prepare() throws MailFailure, InterruptedException {
        if (draft == null) {
            GraphAnswer answer = client.ask(GraphCall.mime(client.uri("messages"), mail.mime()::base64));
            if (answer.status() == GraphAnswer.FORBIDDEN) {
                if (!needsDraft()) {
                    return;
                }
                throw GraphRefusal.failure(
                                Layer.PERMISSION,
                                Messages.GraphSubmission_noDraft(
                                        client.endpoint(), GraphTransport.MAX_WHOLE / 1_000_000.0),
                                answer)
                        .withContentRefused();
            }
            if (!answer.good()) {
                throw notSent(answer);
            }
            Map<String, Object> created = client.object(answer, Layer.SEND, notSent());
            draft = Json.string(created, "id");
            draftMessageId = Json.string(created, "internetMessageId");
            attached = 0;
            contentUnknown = false;
            if (draft == null) {
                throw new MailFailure(Layer.SEND, Messages.GraphSubmission_noId(client.endpoint()));
            }
        }
        while (attached < mail.apart().size()) {
            try {
                attach(mail.apart().get(attached));
            } catch (MailFailure failure) {
                // Nothing is wrong with the rest; uploads go to a server of their own, which may be out of reach.
                throw failure.withContentRefused();
            }
            attached++;
        }
    }

    private void attach(AttachmentSource attachment) throws MailFailure, InterruptedException {
        if (attachment.size() <= MAX_POSTED || !upload(attachment)) {
            post(attachment);
        }
    }

    private void post(AttachmentSource attachment) throws MailFailure, InterruptedException {
        GraphAnswer answer =
                client.ask(GraphCall.post(client.uri(draftPath() + "/attachments"), () -> whole(attachment)));
        if (!answer.good()) {
            throw notAttached(attachment, answer);
        }
        client.text(answer, "id", Layer.SEND, notAttached(attachment));
    }

    private static byte[] whole(AttachmentSource attachment) throws MailFailure, InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        read(attachment, content -> content.transferTo(bytes));
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("@odata.type", "#microsoft.graph.fileAttachment");
        file.put("name", attachment.getName());
        file.put("contentType", attachment.getContentType());
        markAsShown(attachment, file);
        file.put("contentBytes", Base64.getEncoder().encodeToString(bytes.toByteArray()));
        return Json.bytes(file);
    }

    private interface Reader {
        void read(InputStream content) throws IOException, MailFailure, InterruptedException;
    }

    private static void read(AttachmentSource attachment, Reader reader) throws MailFailure, InterruptedException {
        try (InputStream content = attachment.getInputStream()) {
            reader.read(content);
        } catch (BrokenAttachment e) {
            throw e.failure();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "An attachment cannot be closed", e);
        }
    }

    private static void markAsShown(AttachmentSource attachment, Map<String, Object> item) {
        if (attachment.contentId() != null) {
            item.put("isInline", true);
            item.put("contentId", attachment.contentId());
        }
    }

    /** After an outage, it may have been attached nevertheless. */
    private MailFailure notAttached(AttachmentSource attachment, GraphAnswer answer) {
        MailFailure failure = GraphRefusal.failure(Layer.SEND, notAttached(attachment), answer);
        contentUnknown |= GraphRefusal.isOutage(answer);
        return failure;
    }

    /** Returns false, without having read anything, if the server wants the attachment in one piece. */
    private boolean upload(AttachmentSource attachment) throws MailFailure, InterruptedException {
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("attachmentType", "file");
        item.put("name", attachment.getName());
        item.put("size", attachment.size());
        item.put("contentType", attachment.getContentType());
        markAsShown(attachment, item);
        GraphAnswer answer = client.ask(GraphCall.post(
                client.uri(draftPath() + "/attachments/createUploadSession"), Map.of("AttachmentItem", item)));
        if (answer.code().equalsIgnoreCase(TOO_SMALL) && attachment.size() <= 2L * MAX_POSTED) {
            return false;
        }
        String url = Json.string(client.object(answer, Layer.SEND, notAttached(attachment)), "uploadUrl");
        if (url == null) {
            throw new MailFailure(Layer.SEND, Messages.GraphSubmission_noId(client.endpoint()));
        }
        URI session = client.given(url, false);
        read(attachment, content -> upload(session, attachment, content));
        return true;
    }

    private void upload(URI session, AttachmentSource attachment, InputStream content)
            throws MailFailure, InterruptedException {
        for (long from = 0; from < attachment.size(); ) {
            int length = (int) Math.min(UPLOADED_AT_ONCE, attachment.size() - from);
            GraphAnswer stored = client.ask(
                    GraphCall.upload(session, () -> part(attachment, content), from, length, attachment.size()));
            if (!stored.good()) {
                throw notAttached(attachment, stored);
            }
            from += length;
            boolean last = from >= attachment.size();
            if (last ? !isComplete(stored) : !expectsMore(stored)) {
                throw new MailFailure(
                        Layer.SEND, Messages.GraphSubmission_incomplete(client.endpoint(), attachment.getName()));
            }
        }
    }

    /** Whether it is what the server says when it has the whole attachment; usually 201, without a body. */
    private static boolean isComplete(GraphAnswer stored) {
        return stored.status() == GraphAnswer.CREATED || stored.json() != null && !expectsMore(stored);
    }

    private static boolean expectsMore(GraphAnswer stored) {
        Map<String, Object> json = stored.json();
        return json != null && json.get("nextExpectedRanges") instanceof List<?> ranges && !ranges.isEmpty();
    }

    /** The next part of an upload, which is not repeated. */
    private static byte[] part(AttachmentSource attachment, InputStream content)
            throws MailFailure, InterruptedException {
        try {
            return content.readNBytes(UPLOADED_AT_ONCE);
        } catch (BrokenAttachment e) {
            throw e.failure();
        } catch (IOException e) {
            throw new IllegalStateException(attachment.getName(), e);
        }
    }

    private void send() throws MailFailure, InterruptedException {
        try {
            accepted(GraphCall.post(client.uri(draftPath() + "/send")));
        } catch (MailFailure failure) {
            if (!failure.fateUnknown() || Thread.currentThread().isInterrupted() || !isSent()) {
                throw failure;
            }
        }
    }

    /** Only 202 means that the message will be sent. */
    private void accepted(GraphCall call) throws MailFailure, InterruptedException {
        GraphAnswer answer;
        try {
            answer = client.submit(call, limit);
        } catch (MailFailure failure) {
            throw isUnanswered(failure)
                    ? MailFailure.fateUnknown(Messages.GraphSubmission_fateUnknown(client.endpoint()), failure)
                    : failure;
        } catch (GraphClient.Interrupted stopped) {
            // Whoever stops a build should know that the message may arrive.
            Thread.currentThread().interrupt();
            throw MailFailure.fateUnknown(Messages.GraphSubmission_stopped(client.endpoint()), stopped);
        }
        if (answer.status() == GraphAnswer.ACCEPTED) {
            return;
        }
        if (answer.status() == GraphAnswer.OK) {
            // So it answers what is too large for it.
            throw new MailFailure(Layer.SEND, Messages.GraphSubmission_notAccepted(client.endpoint(), answer.status()))
                    .withContentRefused();
        }
        if (answer.good() || GraphRefusal.isOutage(answer)) {
            throw MailFailure.fateUnknown(Messages.GraphSubmission_fateUnclear(client.endpoint(), answer.said()), null);
        }
        throw notSent(answer);
    }

    /** For a refusal that is not known to have another cause, the message is to blame. */
    private MailFailure notSent(GraphAnswer answer) {
        MailFailure failure = GraphRefusal.failure(Layer.SEND, notSent(), answer);
        return failure.temporary() || GraphRefusal.of(answer).isPresent() ? failure : failure.withContentRefused();
    }

    /** Whether nobody knows what the answer was; one that is too long is not read either. */
    private static boolean isUnanswered(MailFailure failure) {
        return failure.getCause() instanceof Unanswered || failure.getCause() instanceof ReceivedBody.TooLong;
    }

    /** Whether the message certainly was sent. If it is still a draft, it may be about to be sent. */
    private boolean isSent() {
        try {
            Map<String, Object> copy = copy(ReadDeadline.ENDLESS);
            return copy != null && Boolean.FALSE.equals(copy.get("isDraft"));
        } catch (InterruptedException stopped) {
            // Whoever stops a build should know that the message may arrive.
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The draft, or the copy in Sent Items, which has the same id; null if it cannot be read. */
    @CheckForNull
    private Map<String, Object> copy(ReadDeadline looking) throws InterruptedException {
        try {
            GraphAnswer answer =
                    client.ask(GraphCall.get(client.uri(draftPath() + "?$select=isDraft,internetMessageId")), looking);
            return answer.good() ? answer.json() : null;
        } catch (MailFailure failure) {
            LOGGER.log(Level.FINE, "The copy of a message that was sent cannot be read", failure);
            return null;
        }
    }

    /** The Message-ID that recipients see and answer. */
    private String keptMessageId() {
        ReadDeadline looking = new ReadDeadline(LOOKING, System::nanoTime);
        try {
            for (int look = 1; looksUpId && look <= LOOKS; look++) {
                Map<String, Object> copy = copy(looking);
                if (copy != null && Boolean.FALSE.equals(copy.get("isDraft"))) {
                    return MessageId.sendableIn(Json.string(copy, "internetMessageId"))
                            .orElse(mail.mime().messageId());
                }
                if (look < LOOKS) {
                    time.pause(BETWEEN_LOOKS);
                }
            }
        } catch (InterruptedException e) {
            // The message has been sent, so this is not the place to stop.
            Thread.currentThread().interrupt();
        }
        return MessageId.sendableIn(draftMessageId).orElse(mail.mime().messageId());
    }

    /** In another thread, as this one may have been interrupted or have to report soon. */
    private void discardLater() {
        String left = draft;
        if (left != null) {
            URI uri = client.uri(draftPath());
            draft = null;
            time.later(Duration.ZERO, () -> delete(uri));
        }
    }

    private void discard() {
        if (draft != null) {
            URI uri = client.uri(draftPath());
            draft = null;
            delete(uri);
        }
    }

    private void delete(URI uri) {
        try {
            GraphAnswer answer = client.ask(GraphCall.delete(uri));
            if (!answer.good()) {
                LOGGER.log(Level.FINE, "A draft that was not sent cannot be deleted: {0}", answer.said());
            }
        } catch (MailFailure e) {
            LOGGER.log(Level.FINE, "A draft that was not sent cannot be deleted", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String draftPath() {
        return "messages/" + GraphClient.encoded(Objects.requireNonNull(draft));
    }

    private String notSent() {
        return Messages.GraphSubmission_refused(client.endpoint());
    }

    private String notAttached(AttachmentSource attachment) {
        return Messages.GraphSubmission_attachmentRefused(client.endpoint(), QuotedText.clean(attachment.getName()));
    }
}
