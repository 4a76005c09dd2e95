package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Why a mail could not be sent or read. The message is made for people: it begins with the layer in words, quotes the
 * server and says what to do. It never holds a token.
 */
public final class MailFailure extends Exception {

    private static final long serialVersionUID = 1L;

    /** Where it happened, in the order in which a connection comes to life. */
    public enum Layer {
        /** No access token to be had, or it died on the way. */
        TOKEN(Messages::Layer_token),
        /** No connection, or it was lost. */
        CONNECT(Messages::Layer_connect),
        /** The connection could not be protected, or the server is not the one it should be. */
        TLS(Messages::Layer_tls),
        /** The server did not take the token. */
        LOGIN(Messages::Layer_login),
        /** The server knows us, but does not let us do this. */
        PERMISSION(Messages::Layer_permission),
        /** The server did not take the mail. */
        SEND(Messages::Layer_send),
        /** The folder cannot be opened. */
        FOLDER(Messages::Layer_folder),
        /** Something about one mail: an address, a header, an attachment, its size. */
        MESSAGE(Messages::Layer_message);

        private final Supplier<String> words;

        Layer(Supplier<String> words) {
            this.words = words;
        }
    }

    /** Whether the same may succeed later though nobody changes anything. */
    public enum Outlook {
        PASSES,
        /** It is said of outages and of settings alike. */
        MAY_PASS,
        LASTS
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
     * @param sentence what happened and what to do, without the layer
     */
    public MailFailure(@NonNull Layer layer, @NonNull String sentence) {
        this(layer, sentence, null);
    }

    /**
     * @param layer where it happened
     * @param sentence what happened and what to do, without the layer
     * @param cause for the log; its messages must be free of tokens
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

    /** A refusal that the server itself calls temporary (RFC 5321 section 4.2.1: 4yz): trying again later is right. */
    public static MailFailure temporary(Layer layer, String sentence) {
        return temporary(layer, sentence, null);
    }

    /** As {@link #temporary(Layer, String)}, for a connection that was lost while there was nothing to lose. */
    public static MailFailure temporary(Layer layer, String sentence, Throwable cause) {
        return new MailFailure(layer, sentence, cause, true, false, false, null);
    }

    /**
     * What a server refused, and whether it may do it later.
     *
     * @param retryAfter what the server suggests to wait; may be null
     * @param cause may be null
     */
    public static MailFailure refused(
            Layer layer, String sentence, Outlook outlook, Duration retryAfter, Throwable cause) {
        return new MailFailure(
                layer, sentence, cause, outlook == Outlook.PASSES, false, outlook == Outlook.MAY_PASS, retryAfter);
    }

    /**
     * As this one, and the server knows no good of the token: another one may be taken, if the provider still gives one.
     *
     * @param what what the server said to it, without a guess at the reason
     */
    public MailFailure withTokenRefused(String what) {
        tokenRefusal = what;
        return this;
    }

    /** As this one, and the server has seen the content of the mail and takes exception to it. */
    public MailFailure withContentRefused() {
        contentRefused = true;
        return this;
    }

    /** Whether it is about what the mail holds, so that a mail that holds less may go. */
    public boolean aboutContent() {
        return contentRefused || layer == Layer.MESSAGE;
    }

    /** The mail was handed over, but the answer never came: trying again may deliver it twice. */
    public static MailFailure fateUnknown(String sentence, Throwable cause) {
        return new MailFailure(Layer.SEND, sentence, cause, false, true, false, null);
    }

    /** @return where it happened */
    @NonNull
    public Layer layer() {
        return layer;
    }

    /** @return whether nothing has happened and the same may succeed later */
    public boolean temporary() {
        return temporary;
    }

    /** @return whether the mail may have been delivered all the same; it must then not be sent again by itself */
    public boolean fateUnknown() {
        return fateUnknown;
    }

    public boolean tokenRefused() {
        return tokenRefusal != null;
    }

    /** What the server said to the token, without a guess at the reason; null if it did not refuse it. */
    @CheckForNull
    public String tokenRefusal() {
        return tokenRefusal;
    }

    /**
     * Whether it is known to go away by itself: a server that cannot be reached, or that asked to come back later.
     * Whoever waits for mail goes on waiting, from the same place.
     */
    public boolean passing() {
        return temporary
                || layer == Layer.CONNECT
                || getCause() instanceof TokenFailure token && token.kind() == TokenFailure.Kind.UNREACHABLE;
    }

    /**
     * Whether it may go away by itself, though it can be a wrong setting as well. Whoever has already done the same with
     * success bears it, as it was no wrong setting then.
     *
     * @return true for whatever is {@link #passing} too
     */
    public boolean mayPass() {
        return mayPass || passing();
    }

    /**
     * How long the server asks to be left alone.
     *
     * @return more than nothing and at most a quarter of an hour; empty if the server did not ask
     */
    @NonNull
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
