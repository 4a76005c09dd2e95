package io.jenkins.plugins.oauthmail.mail;

import jakarta.mail.MessagingException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One mail over a connection that is logged in, in as few round trips as the server allows: one for a small mail where it
 * takes PIPELINING (RFC 2920) and CHUNKING (RFC 3030), two where it takes PIPELINING, else one for each command.
 */
final class SmtpTransaction {

    /** So many commands travel together that neither side's buffers fill up while both only write. */
    private static final int GROUP = 100;

    /** Octets of a mail that may be put together in memory. */
    private static final int SMALL = 64 * 1024;

    /** Exchange tells so that the token, and with it the login, has run out. */
    private static final Pattern LOGGED_OUT = Pattern.compile("^(421|530|535)|AccessTokenExpired|Session invalidated");

    private final SmtpWire wire;
    private final Endpoint endpoint;
    private final Envelope envelope;
    private boolean reusable;
    private boolean ended;
    private boolean handedOver;
    private boolean waiting;

    SmtpTransaction(SmtpWire wire, Endpoint endpoint, Envelope envelope) {
        this.wire = wire;
        this.endpoint = endpoint;
        this.envelope = envelope;
    }

    /** Whether the connection may carry another mail afterwards. */
    boolean reusable() {
        return reusable;
    }

    /** Whether it failed because the session was over before it began. */
    boolean ended() {
        return ended;
    }

    /** Does it; nobody may have accepted it. */
    Delivery run(ComposedMessage message, boolean oneFlight) throws MailFailure, BrokenAttachment {
        reusable = true;
        checkSize();
        try {
            boolean small = envelope.size() <= SMALL && envelope.recipients().size() < GROUP;
            if (oneFlight && small && wire.pipelining() && wire.chunking()) {
                List<String> content = lines(message);
                // Angus would double a dot there, which belongs to DATA only.
                if (content.stream().noneMatch(line -> line.startsWith("."))) {
                    return counted(content);
                }
            }
            return dotted(message);
        } catch (BrokenAttachment e) {
            throw e;
        } catch (MessagingException | IOException e) {
            reusable = false;
            ended = !handedOver;
            throw handedOver ? fateUnknown(e) : notSent(e);
        }
    }

    private void checkSize() throws MailFailure {
        String limit = wire.getExtensionParameter("SIZE");
        if (limit == null || !limit.trim().matches("\\d{1,18}")) {
            return;
        }
        long octets = Long.parseLong(limit.trim());
        if (octets > 0 && envelope.size() > octets) {
            throw MessageSize.tooLarge(envelope.size(), octets, endpoint);
        }
    }

    /** Envelope and content together, the content as counted octets. */
    private Delivery counted(List<String> content) throws MailFailure, MessagingException, IOException {
        List<String> lines = envelopeCommands();
        int answers = lines.size() + 1;
        long bytes = content.stream().mapToLong(line -> line.length() + 2L).sum();
        lines.add("BDAT " + bytes + " LAST");
        lines.addAll(content);
        reusable = false;
        wire.say(lines);
        handedOver = true;
        List<SmtpReply> replies = new ArrayList<>();
        while (replies.size() < answers) {
            SmtpReply reply = wire.listen();
            replies.add(reply);
            if (reply.closed()) {
                break;
            }
        }
        SmtpRecipients recipients = taken(replies);
        return recipients.accepted().isEmpty()
                ? nobody(recipients)
                : delivered(recipients, replies.get(replies.size() - 1), bytes);
    }

    /** The content after DATA, which is the last of the envelope's commands where they travel together. */
    private Delivery dotted(ComposedMessage message) throws MailFailure, MessagingException, IOException {
        List<String> commands = envelopeCommands();
        boolean together = wire.pipelining() && commands.size() < GROUP;
        if (together) {
            commands.add("DATA");
        }
        reusable = false;
        List<SmtpReply> replies = new ArrayList<>();
        for (int i = 0; i < commands.size(); i += GROUP) {
            replies.addAll(wire.group(commands.subList(i, Math.min(commands.size(), i + GROUP))));
            if (!replies.get(0).ok() || replies.get(replies.size() - 1).closed()) {
                break;
            }
        }
        SmtpReply go = together ? replies.get(replies.size() - 1) : null;
        waiting = go != null && go.code() == 354;
        SmtpRecipients recipients = taken(replies);
        if (recipients.accepted().isEmpty()) {
            return nobody(recipients);
        }
        go = together ? go : wire.command("DATA");
        if (go.code() != 354) {
            ended = LOGGED_OUT.matcher(go.text()).find();
            return delivered(recipients, go, 0);
        }
        long bytes = wire.content(message);
        handedOver = true;
        return delivered(recipients, wire.command("."), bytes);
    }

    private static List<String> lines(ComposedMessage message) throws MessagingException, IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        message.writeTo(content);
        return content.toString(StandardCharsets.ISO_8859_1).lines().toList();
    }

    private List<String> envelopeCommands() {
        List<String> commands = new ArrayList<>();
        String size = wire.supportsExtension("SIZE") ? " SIZE=" + envelope.size() : "";
        commands.add("MAIL FROM:<" + envelope.from() + ">" + size);
        for (String recipient : envelope.recipients()) {
            commands.add("RCPT TO:<" + recipient + ">");
        }
        return commands;
    }

    /**
     * The recipients as the server took them.
     *
     * @throws MailFailure if the server refused the sender or does not go on; what followed is not delivered then
     * @throws MessagingException if the server did not answer so far
     */
    private SmtpRecipients taken(List<SmtpReply> replies) throws MailFailure, MessagingException {
        SmtpReply sender = answer(replies, 0);
        if (!sender.ok()) {
            ended = LOGGED_OUT.matcher(sender.text()).find();
            if (!ended) {
                startOver();
            }
            throw FailureReading.refused(Messages.SmtpTransaction_sender(endpoint, envelope.from()), sender);
        }
        SmtpRecipients recipients = new SmtpRecipients();
        for (int i = 0; i < envelope.recipients().size(); i++) {
            SmtpReply reply = answer(replies, i + 1);
            recipients.add(envelope.recipients().get(i), reply);
            if (reply.code() == 421) {
                ended = true;
                throw FailureReading.refused(Messages.SmtpTransaction_stopped(endpoint), reply);
            }
        }
        return recipients;
    }

    private Delivery nobody(SmtpRecipients recipients) {
        startOver();
        return new Delivery(List.of(), recipients.refused(), "", 0);
    }

    private static SmtpReply answer(List<SmtpReply> replies, int place) throws MessagingException {
        if (place >= replies.size() || replies.get(place).closed()) {
            throw new MessagingException("closed");
        }
        return replies.get(place);
    }

    private Delivery delivered(SmtpRecipients recipients, SmtpReply reply, long bytes) throws MailFailure {
        if (reply.closed()) {
            ended = !handedOver;
            throw handedOver ? fateUnknown(null) : notSent(null);
        }
        if (reply.ok()) {
            reusable = true;
            return new Delivery(recipients.accepted(), recipients.refused(), reply.text(), bytes);
        }
        if (reply.code() != 421) {
            startOver();
        }
        throw FailureReading.refused(Messages.SmtpTransaction_mail(endpoint), reply);
    }

    /** Makes the server forget the mail it was told about, so that the connection can carry another one. */
    private void startOver() {
        if (waiting) {
            // It waits for content, and even an empty one would be a mail: only hanging up is safe.
            return;
        }
        try {
            reusable = wire.command("RSET").ok();
        } catch (MessagingException e) {
            // Why the mail was refused matters more than the end of a connection that carries nothing.
            reusable = false;
        }
    }

    private MailFailure fateUnknown(Exception cause) {
        return MailFailure.fateUnknown(Messages.SmtpTransaction_fateUnknown(endpoint), cause);
    }

    private MailFailure notSent(Exception cause) {
        return ConnectFailure.lost(Messages.ConnectFailure_lostSending(endpoint), "", cause);
    }
}
