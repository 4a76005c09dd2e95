package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Why a message could not be sent or read. The exception's message is written for users: it begins with the name of the
 * layer, quotes the server and says what to do. It never contains a token.
 */
public final class MailFailure extends Exception {

    private static final long serialVersionUID = 1L;

    /** Where the failure happened, in the order in which a connection is made. */
    public enum Layer {
        /** No access token could be obtained, or it expired during the session. */
        TOKEN(Messages::Layer_token),
        /** The server could not be reached, or the connection was lost. */
        CONNECT(Messages::Layer_connect),
        /** TLS could not be set up, or the server's certificate is not valid for it. */
        TLS(Messages::Layer_tls),
        /** The server refused the token. */
        LOGIN(Messages::Layer_login),
        /** The login succeeded, but the server does not permit this action. */
        PERMISSION(Messages::Layer_permission),
        /** The server refused the message. */
        SEND(Messages::Layer_send),
        /** The folder cannot be opened. */
        FOLDER(Messages::Layer_folder),
        /** A problem with one message: an address, a header, an attachment, its size. */
        MESSAGE(Messages::Layer_message);

        private final Supplier<String> words;

        Layer(Supplier<String> words) {
            this.words = words;
        }
    }

    /** Whether a later attempt may succeed without anyone changing anything. */
    public enum Permanence {
        TEMPORARY,
        /** The server gives the same reply for an outage and for a wrong setting. */
        UNKNOWN,
        PERMANENT
    }

    private final Layer layer;
    private final boolean temporary;
    private final boolean fateUnknown;
    private final boolean mayPass;
    private final Duration retryAfter;
    private String tokenRefusal;
    private boolean contentRefused;

    /**
     * @param layer where it happened
     * @param sentence what happened and how to fix it, without the layer
     */
    public MailFailure(@NonNull Layer layer, @NonNull String sentence) {
        this(layer, sentence, null);
    }

    /**
     * @param layer where it happened
     * @param sentence what happened and how to fix it, without the layer
     * @param cause for the system log; its messages must not contain tokens
     */
    public MailFailure(@NonNull Layer layer, @NonNull String sentence, @CheckForNull Throwable cause) {
        this(layer, sentence, cause, false, false, false, null);
    }

    private MailFailure(
            Layer layer,
            String sentence,
            Throwable cause,
            boolean temporary,
            boolean fateUnknown,
            boolean mayPass,
            Duration retryAfter) {
        super(Messages.MailFailure_sentence(layer.words.get(), sentence), cause);
        this.layer = layer;
        this.temporary = temporary;
        this.fateUnknown = fateUnknown;
        this.mayPass = mayPass;
        this.retryAfter = retryAfter;
    }

    /**
     * A refusal that the server itself calls temporary (4yz, RFC 5321 section 4.2.1), so trying again later is right.
     */
    public static MailFailure temporary(Layer layer, String sentence) {
        return temporary(layer, sentence, null);
    }

    /** Same as {@link #temporary(Layer, String)}, for a connection that was lost before anything was submitted. */
    public static MailFailure temporary(Layer layer, String sentence, Throwable cause) {
        return new MailFailure(layer, sentence, cause, true, false, false, null);
    }

    /**
     * A refusal by the server.
     *
     * @param retryAfter how long the server asks to wait, or null
     * @param cause the cause, or null
     */
    public static MailFailure refused(
            Layer layer, String sentence, Permanence permanence, Duration retryAfter, Throwable cause) {
        return new MailFailure(
                layer,
                sentence,
                cause,
                permanence == Permanence.TEMPORARY,
                false,
                permanence == Permanence.UNKNOWN,
                retryAfter);
    }

    /**
     * Marks this failure as caused by a token that the server refused. Another one may be requested, if the provider
     * still issues one.
     *
     * @param what the sentence about the server's reply, without a presumed cause
     */
    public MailFailure withTokenRefused(String what) {
        tokenRefusal = what;
        return this;
    }

    /**
     * Marks this failure as caused by the content of the message or by one of its attachments, which the server did not
     * take; nothing has been sent.
     */
    public MailFailure withContentRefused() {
        contentRefused = true;
        return this;
    }

    /** Whether the content of the message caused it, so that a message with less content may be accepted. */
    public boolean aboutContent() {
        return contentRefused || layer == Layer.MESSAGE;
    }

    /** The whole message was submitted, but the reply never came. Sending it again may deliver it twice. */
    public static MailFailure fateUnknown(String sentence, Throwable cause) {
        return new MailFailure(Layer.SEND, sentence, cause, false, true, false, null);
    }

    /** @return where it happened */
    @NonNull
    public Layer layer() {
        return layer;
    }

    /** @return whether nothing was done and a later attempt may succeed */
    public boolean temporary() {
        return temporary;
    }

    /** @return whether the message may have been delivered; it must then not be sent again automatically */
    public boolean fateUnknown() {
        return fateUnknown;
    }

    public boolean tokenRefused() {
        return tokenRefusal != null;
    }

    /**
     * The sentence about the server's reply to the token, without a presumed cause; null if the token was not refused.
     */
    @CheckForNull
    public String tokenRefusal() {
        return tokenRefusal;
    }

    /**
     * Whether the cause is known to pass: the server cannot be reached, or asked to come back later. Callers that wait
     * for mail keep waiting, from the same position.
     */
    public boolean passing() {
        return temporary || layer == Layer.CONNECT || isOf(TokenFailure.Kind.UNREACHABLE);
    }

    /**
     * Whether the cause may pass, although it may also be a wrong setting. A caller that succeeded before with the same
     * settings can rule the setting out, and so keeps trying.
     *
     * @return also true for each failure that is {@link #passing}
     */
    public boolean mayPass() {
        return mayPass || passing() || isOf(TokenFailure.Kind.CREDENTIAL_MISSING);
    }

    private boolean isOf(TokenFailure.Kind kind) {
        return getCause() instanceof TokenFailure token && token.kind() == kind;
    }

    /**
     * How long the server asks to wait before the next attempt.
     *
     * @return more than zero and at most 15 minutes; empty if the server did not ask for a delay
     */
    @NonNull
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
