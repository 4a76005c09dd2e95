package io.jenkins.plugins.oauthmail.mail.smtp;

import io.jenkins.plugins.oauthmail.mail.compose.BrokenAttachment;
import io.jenkins.plugins.oauthmail.mail.compose.ComposedMessage;
import io.jenkins.plugins.oauthmail.mail.compose.Envelope;
import io.jenkins.plugins.oauthmail.mail.compose.MessageSize;
import io.jenkins.plugins.oauthmail.mail.connect.ConnectFailure;
import io.jenkins.plugins.oauthmail.mail.connect.MailFailures;
import io.jenkins.plugins.oauthmail.mail.connect.SmtpReply;
import io.jenkins.plugins.oauthmail.mail.connect.WaitLimit;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import jakarta.mail.MessagingException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Sends one message over a connection that is logged in, in as few round trips as the server allows: one for a small
 * message with PIPELINING (RFC 2920) and CHUNKING (RFC 3030), two with PIPELINING only, otherwise one for each command.
 *
 * <p>Once the content, or its end, may have reached the server, only the reply to it decides what became of the
 * message: delivered, refused or, without a clear reply, unknown; earlier replies no longer count. An EHLO after the
 * content shows which reply that is: unlike replies to NOOP or RSET, a reply to EHLO cannot be mistaken for another
 * one, so an extra reply is noticed. Before that, content is sent only after a 354; if replies and commands do not
 * match, the transaction ends with nothing sent.
 */
final class SmtpTransaction {

    /**
     * The number of commands that are sent together, low enough not to fill the buffers of both sides while both only
     * write.
     */
    private static final int GROUP = 100;

    /** Messages up to this size, in bytes, may be composed in memory. */
    private static final int SMALL = 64 * 1024;

    private static final int GO_AHEAD = 354;

    /** The enhanced status codes for addresses (RFC 3463 section 3.2), which a reply to the content never has. */
    private static final Pattern ABOUT_ADDRESS = Pattern.compile("^\\d{3}[ -][245]\\.1\\.\\d");

    /**
     * Exchange's replies when the token, and with it the login, has expired, or when the connection has been idle for
     * too long.
     */
    private static final Pattern LOGGED_OUT = Pattern.compile(
            "^(421|530|535)|AccessTokenExpired|Session invalidated|^4\\d\\d.*(time-?out|timed out|\\bidle)",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private final SmtpWire wire;
    private final Endpoint endpoint;
    private final Envelope envelope;
    private final WaitLimit limit;
    private State state = State.CLEAR;

    /** What the server has received of the message, and whether it is ready for another one. */
    private enum State {
        /** Nothing; another message may follow. */
        CLEAR,
        /** The envelope or a part of it, but no content. */
        ANNOUNCED,
        /** Possibly the content. */
        CONTENT_SENT,
        /** No content; the session had ended before. */
        ENDED,
        /** The result is known, but the connection cannot be used again. */
        SPENT
    }

    SmtpTransaction(SmtpWire wire, Endpoint endpoint, Envelope envelope, WaitLimit limit) {
        this.wire = wire;
        this.endpoint = endpoint;
        this.envelope = envelope;
        this.limit = limit;
    }

    /** Whether the connection can be used for another message afterwards. */
    boolean reusable() {
        return state == State.CLEAR;
    }

    /** Whether it failed because the session had already ended. */
    boolean ended() {
        return state == State.ENDED;
    }

    /**
     * Sends the message. All recipients may be refused.
     *
     * @throws InterruptedException if the thread was interrupted before any content was sent; after that, the fate of
     *     the message is unknown, and the thread stays interrupted
     */
    Delivery run(ComposedMessage message, boolean oneFlight)
            throws MailFailure, BrokenAttachment, InterruptedException {
        limit.check(endpoint);
        checkSize();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        try {
            boolean small = envelope.size() <= SMALL && envelope.recipients().size() < GROUP;
            if (oneFlight && small && wire.pipelining() && wire.chunking()) {
                List<String> content = lines(message);
                // Content with a leading dot is sent with DATA, whose dots all servers and the proxies before them
                // handle correctly.
                if (content.stream().noneMatch(line -> line.startsWith("."))) {
                    return sendWithBdat(content);
                }
            }
            return sendWithData(message);
        } catch (BrokenAttachment e) {
            throw e;
        } catch (MessagingException | IOException e) {
            if (state == State.CONTENT_SENT) {
                throw fateUnknown(e);
            }
            state = State.ENDED;
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw notSent(e);
        }
    }

    private void checkSize() throws MailFailure {
        String limit = wire.parameters("SIZE");
        if (limit == null || !limit.trim().matches("\\d{1,18}")) {
            return;
        }
        long max = Long.parseLong(limit.trim());
        if (max > 0 && envelope.size() > max) {
            throw MessageSize.tooLarge(envelope.size(), max, endpoint);
        }
    }

    /** Envelope and content together, the content with BDAT. */
    private Delivery sendWithBdat(List<String> content) throws MailFailure, IOException {
        List<String> commands = envelopeCommands();
        String body = String.join("\r\n", content) + "\r\n";
        commands.add("BDAT " + body.length() + " LAST");
        List<SmtpReply> replies = new ArrayList<>();
        wire.checkInStep();
        wire.beginPhase(wire.timeouts().receipt());
        try {
            state = State.CONTENT_SENT;
            wire.say(commands, body + wire.hello() + "\r\n");
            wire.allowSilence();
            while (replies.size() < commands.size()) {
                replies.add(wire.listen());
            }
            wire.limitSilence();
        } finally {
            wire.endPhase();
        }
        SmtpReply receipt = replies.remove(replies.size() - 1);
        State next = judge(receipt);
        if (!receipt.ok()) {
            return refused(replies, receipt, next);
        }
        SmtpRecipients recipients = recipients(replies);
        if (!replies.get(0).ok() || recipients.accepted().isEmpty()) {
            throw new BrokenConversation(receipt.text());
        }
        return delivered(recipients, receipt, body.length(), next);
    }

    /**
     * Checks with the reply to the following EHLO that a reply is the one to the content.
     *
     * @return the state of the connection after this reply
     * @throws BrokenConversation if it may be another reply
     */
    private State judge(SmtpReply receipt) throws IOException {
        if (wire.answersHello(receipt)) {
            // There has been one reply too few.
            throw new BrokenConversation(receipt.text());
        }
        SmtpReply behind;
        wire.beginPhase(wire.timeouts().command());
        try {
            behind = wire.listen();
        } catch (BrokenConversation e) {
            throw e;
        } catch (IOException e) {
            // The server sent nothing more, so this was the reply to the content.
            return State.SPENT;
        } finally {
            wire.endPhase();
        }
        if (wire.answersHello(behind)) {
            return receipt.closing() || wire.pending() ? State.SPENT : State.CLEAR;
        }
        if (receipt.ok() ? behind.closing() : behind.refusal()) {
            // The server is closing the connection or failing; both replies mean the same, whichever of them is the one
            // to the content.
            return State.SPENT;
        }
        throw new BrokenConversation(behind.text());
    }

    /** The content with DATA, which is sent together with the envelope if the server allows it. */
    private Delivery sendWithData(ComposedMessage message) throws MailFailure, MessagingException, IOException {
        List<String> commands = envelopeCommands();
        boolean together = wire.pipelining() && commands.size() < GROUP;
        if (together) {
            commands.add("DATA");
        }
        state = State.ANNOUNCED;
        List<SmtpReply> replies = new ArrayList<>();
        for (int i = 0; i < commands.size(); i += GROUP) {
            replies.addAll(wire.group(commands.subList(i, Math.min(commands.size(), i + GROUP))));
            if (!replies.get(0).ok()) {
                break;
            }
        }
        SmtpReply go = together ? replies.remove(replies.size() - 1) : null;
        if (!replies.get(0).ok()) {
            throw senderRefused(replies.get(0), go, null);
        }
        SmtpRecipients recipients = recipients(replies);
        if (recipients.accepted().isEmpty()) {
            startOver(go);
            return nobody(recipients);
        }
        go = together ? go : wire.command("DATA");
        if (go.code() != GO_AHEAD) {
            return refused(replies, clear(go), null);
        }
        // The server may have taken its time; nothing but the end of the connection can follow its 354 then.
        limit.check(endpoint);
        long bytes = wire.content(message, envelope.size());
        if (wire.pending()) {
            // A reply before the end of the content cannot be a reply to it; the final dot has not been sent, so
            // closing the connection is still safe.
            throw refusedEarly(unexpected(wire.timeouts().command()));
        }
        // As with the content, the server has nothing to send on before the final dot.
        limit.check(endpoint);
        state = State.CONTENT_SENT;
        SmtpReply receipt = receipt();
        return receipt.ok()
                ? delivered(recipients, receipt, bytes, nextAfterReceipt())
                : refused(replies, receipt, nextAfterRefusal(receipt));
    }

    private SmtpReply receipt() throws IOException {
        wire.beginPhase(wire.timeouts().receipt());
        try {
            wire.allowSilence();
            wire.say(List.of("."), "");
            SmtpReply receipt = wire.listen();
            wire.limitSilence();
            return receipt;
        } finally {
            wire.endPhase();
        }
    }

    /** A reply to nothing, which need not be complete. */
    private SmtpReply unexpected(Duration patience) throws IOException {
        wire.beginPhase(patience);
        try {
            return wire.listen();
        } finally {
            wire.endPhase();
        }
    }

    /** Two replies instead of one mean that the first may not have been the reply to the content. */
    private State nextAfterReceipt() throws IOException {
        if (!wire.pending()) {
            return State.CLEAR;
        }
        SmtpReply more = unexpected(wire.timeouts().receipt());
        if (!more.closing()) {
            throw new BrokenConversation(more.text());
        }
        return State.SPENT;
    }

    /** It is worth waiting for a refusal to be confirmed: refusals are rare, and the EHLO also resets the session. */
    private State nextAfterRefusal(SmtpReply receipt) throws IOException {
        clear(receipt);
        try {
            wire.say(List.of(wire.hello()), "");
        } catch (IOException e) {
            return State.SPENT;
        }
        return judge(receipt);
    }

    private static List<String> lines(ComposedMessage message) throws MessagingException, IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        message.writeTo(content);
        return content.toString(StandardCharsets.ISO_8859_1).lines().toList();
    }

    private List<String> envelopeCommands() {
        List<String> commands = new ArrayList<>();
        String size = wire.supports("SIZE") ? " SIZE=" + envelope.size() : "";
        String body = envelope.eightBit() && wire.supports("8BITMIME") ? " BODY=8BITMIME" : "";
        commands.add("MAIL FROM:<" + envelope.from() + ">" + size + body);
        for (String recipient : envelope.recipients()) {
            commands.add("RCPT TO:<" + recipient + ">");
        }
        return commands;
    }

    /** Requires a reply that accepts or refuses. */
    private static SmtpReply clear(SmtpReply reply) throws BrokenConversation {
        if (!reply.refusal()) {
            throw new BrokenConversation(reply.text());
        }
        return reply;
    }

    /** The replies to the recipients, without the reply to MAIL before them. */
    private SmtpRecipients recipients(List<SmtpReply> replies) throws BrokenConversation {
        SmtpRecipients recipients = new SmtpRecipients();
        for (int i = 1; i < replies.size(); i++) {
            SmtpReply reply = replies.get(i);
            recipients.add(envelope.recipients().get(i - 1), reply.ok() ? reply : clear(reply));
        }
        return recipients;
    }

    /**
     * @param last the reply to DATA or to the content; null if neither was sent
     * @param next the state of the connection; null if the session has to be reset
     */
    private MailFailure senderRefused(SmtpReply reply, SmtpReply last, State next) throws BrokenConversation {
        clear(reply);
        if (LOGGED_OUT.matcher(reply.text()).find()) {
            state = State.ENDED;
        } else {
            end(last, next);
        }
        return MailFailures.refused(Messages.SmtpTransaction_sender(endpoint, envelope.from()), reply);
    }

    private static Delivery nobody(SmtpRecipients recipients) {
        return new Delivery(List.of(), recipients.refused(), "", 0);
    }

    private Delivery delivered(SmtpRecipients recipients, SmtpReply receipt, long bytes, State next) {
        boolean closing = recipients.refused().values().stream().anyMatch(SmtpReply::closing);
        state = closing ? State.SPENT : next;
        return new Delivery(recipients.accepted(), recipients.refused(), receipt.text(), bytes);
    }

    /**
     * The server refused the content, so nobody received the message.
     *
     * @param replies to MAIL and to each recipient
     * @param reply to the content, or to the command that announces it
     * @param next the state of the connection; null if the session has to be reset
     * @return a result without accepted recipients, if the server had refused all of them before
     */
    private Delivery refused(List<SmtpReply> replies, SmtpReply reply, State next)
            throws MailFailure, BrokenConversation {
        clear(reply);
        if (!replies.get(0).ok()) {
            throw senderRefused(replies.get(0), reply, next);
        }
        SmtpRecipients recipients = recipients(replies);
        if (recipients.accepted().isEmpty()) {
            end(reply, next);
            return nobody(recipients);
        }
        if (next == null && LOGGED_OUT.matcher(reply.text()).find()) {
            state = State.ENDED;
        } else {
            end(reply, next);
        }
        throw MailFailures.contentRefused(Messages.SmtpTransaction_mail(endpoint), reply);
    }

    private void end(SmtpReply last, State next) {
        if (next == null) {
            startOver(last);
        } else {
            state = next;
        }
    }

    private MailFailure refusedEarly(SmtpReply reply) throws BrokenConversation {
        return MailFailures.refused(Messages.SmtpTransaction_mail(endpoint), clear(reply));
    }

    /**
     * Resets the session, so that the connection can be used for another message.
     *
     * @param last the server's last reply; null if it does not matter
     */
    private void startOver(SmtpReply last) {
        if (last != null && (last.code() == GO_AHEAD || last.closing())) {
            // The server closes the connection, or waits for content, of which even an empty one would be a message:
            // closing the connection is the only safe way.
            state = State.SPENT;
            return;
        }
        try {
            state = wire.command("RSET").ok() ? State.CLEAR : State.SPENT;
        } catch (IOException e) {
            // The refusal matters more than the loss of a connection that is not in use.
            state = State.SPENT;
        }
    }

    private MailFailure fateUnknown(Exception cause) {
        return MailFailure.fateUnknown(
                cause instanceof BrokenConversation
                        ? Messages.SmtpTransaction_fateUnclear(endpoint, QuotedText.quoted(cause.getMessage()))
                        : Messages.SmtpTransaction_fateUnknown(endpoint),
                cause);
    }

    private MailFailure notSent(Exception cause) {
        return cause instanceof BrokenConversation
                ? ConnectFailure.lost(
                        Messages.SmtpTransaction_outOfStep(endpoint, QuotedText.quoted(cause.getMessage())), "", cause)
                : ConnectFailure.lost(Messages.ConnectFailure_lostSending(endpoint), "", cause);
    }
}
