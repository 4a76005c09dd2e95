package io.jenkins.plugins.oauthmail.mail.connect;

import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Permanence;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Converts error replies of servers to a {@link MailFailure}. For failures of the connection itself, see
 * {@link ConnectFailure}.
 */
public final class MailFailures {

    private static final Pattern LOGIN = Pattern.compile(
            "^535|authenti|credential|password|token|log[io]n|\\buser|^(NO|BAD)?\\W*$", Pattern.CASE_INSENSITIVE);

    private MailFailures() {}

    /** The server does not support XOAUTH2, the only mechanism we use, so it was not sent the token. */
    public static MailFailure noXoauth2(Endpoint endpoint, String offered) {
        return new MailFailure(Layer.LOGIN, Messages.MailFailures_noXoauth2(endpoint, QuotedText.quoted(offered)));
    }

    /**
     * The server refused the login.
     *
     * @param said its reply
     * @param challenge the error details that it sent before (see {@link Xoauth2}); empty for none
     */
    public static MailFailure login(Endpoint endpoint, String user, String said, String challenge) {
        String words = QuotedText.quoted(said);
        String what = challenge.isEmpty()
                ? Messages.MailFailures_login(endpoint, user, words)
                : Messages.MailFailures_challenged(endpoint, user, words, QuotedText.quoted(challenge));
        Optional<KnownReply> known = KnownReply.in(said).or(() -> KnownReply.in(challenge));
        Layer layer = known.map(KnownReply::layer).orElse(Layer.LOGIN);
        if (said.startsWith("4")) {
            String cure = known.map(KnownReply::cure).orElseGet(Messages::MailFailures_later);
            return MailFailure.temporary(layer, Messages.MailFailures_fix(what, cure));
        }
        String cure = known.or(() -> Optional.of(KnownReply.TOKEN_REFUSED).filter(refused -> isAboutLogin(said)))
                .map(KnownReply::cure)
                .orElseGet(Messages::MailFailures_objection);
        return new MailFailure(layer, Messages.MailFailures_fix(what, cure)).withTokenRefused(what);
    }

    /** Whether the reply objects to the login, or gives no reason at all. */
    private static boolean isAboutLogin(String said) {
        return LOGIN.matcher(said).find();
    }

    /** The server refused a command after the login, such as MAIL FROM, all RCPT TO, or DATA. */
    public static MailFailure refused(String what, SmtpReply reply) {
        return answered(Layer.SEND, what, reply.text(), reply.temporary());
    }

    /** The server refused the content, or the command that announces it. */
    public static MailFailure contentRefused(String what, SmtpReply reply) {
        MailFailure failure = refused(what, reply);
        boolean unexplained = KnownReply.in(reply.text()).isEmpty();
        return unexplained && !reply.temporary() ? failure.withContentRefused() : failure;
    }

    /**
     * An IMAP server replied NO or BAD after the login.
     *
     * @param said its reply
     * @param worked whether the same connection has done enough to prove that permissions and settings are correct
     */
    public static MailFailure reading(Layer layer, String what, String said, boolean worked) {
        Optional<KnownReply> known = KnownReply.in(said);
        ImapRefusal refusal = ImapRefusal.of(said);
        if (worked && known.filter(KnownReply.NOT_CONNECTED::equals).isPresent()) {
            refusal = new ImapRefusal(Permanence.TEMPORARY, null);
        }
        String fix = known.map(KnownReply::cure)
                .orElse(refusal.isTemporary() ? Messages.MailFailures_later() : Messages.MailFailures_objection());
        MailFailure failure = MailFailure.refused(
                known.map(KnownReply::layer).orElse(layer),
                Messages.MailFailures_saying(what, QuotedText.quoted(said), fix),
                refusal.permanence(),
                refusal.retryAfter(),
                null);
        return known.filter(KnownReply::isAboutToken).isPresent()
                ? failure.withTokenRefused(Messages.MailFailures_said(what, QuotedText.quoted(said)))
                : failure;
    }

    /** The server greeted with a temporary refusal. */
    public static MailFailure notNow(Endpoint endpoint, String said, Exception cause) {
        ImapRefusal refusal = ImapRefusal.of(said);
        return MailFailure.refused(
                Layer.CONNECT,
                Messages.MailFailures_fix(
                        Messages.ConnectFailure_greeting(endpoint, QuotedText.quoted(said)),
                        Messages.MailFailures_later()),
                refusal.permanence(),
                refusal.retryAfter(),
                cause);
    }

    /** The server replied OK, but without the data that must come with it. */
    public static MailFailure silent(Layer layer, String sentence) {
        return MailFailure.refused(layer, sentence, Permanence.UNKNOWN, null, null);
    }

    private static MailFailure answered(Layer layer, String what, String said, boolean temporary) {
        Optional<KnownReply> known = KnownReply.in(said);
        Layer where = known.map(KnownReply::layer).orElse(layer);
        String fix = known.map(KnownReply::cure)
                .orElseGet(temporary ? Messages::MailFailures_later : Messages::MailFailures_objection);
        String sentence = Messages.MailFailures_saying(what, QuotedText.quoted(said), fix);
        MailFailure failure = temporary ? MailFailure.temporary(where, sentence) : new MailFailure(where, sentence);
        return known.filter(KnownReply::isAboutToken).isPresent()
                ? failure.withTokenRefused(Messages.MailFailures_said(what, QuotedText.quoted(said)))
                : failure;
    }
}
