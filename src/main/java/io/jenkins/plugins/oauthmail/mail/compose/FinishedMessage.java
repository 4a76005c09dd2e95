package io.jenkins.plugins.oauthmail.mail.compose;

import io.jenkins.plugins.oauthmail.mail.model.Addresses;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.FinishedMail;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.InternetHeaders;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** A message that is copied from a file instead of being composed. */
public final class FinishedMessage extends ComposedMessage {
    /** In bytes; Exchange Online refuses longer ones. */
    private static final int MAX_HEADER = 256 * 1024;

    private final Path content;

    private FinishedMessage(Path content, String id) {
        super(Session.getInstance(new Properties()), id);
        this.content = content;
    }

    /**
     * Checks the message and makes its envelope.
     *
     * @param mail the message
     * @param user the mailbox, which is the sender in the envelope whatever the message says
     * @param limit maximum size in bytes; 0 for none
     * @throws MailFailure if it or its header is too large, it has no recipients, or From or Sender is not one of its
     *     senders
     */
    public static MimeComposer.Composed compose(FinishedMail mail, String user, long limit) throws MailFailure {
        try {
            long size = Files.size(mail.content());
            MessageSize.check(size, limit);
            InternetHeaders headers = headers(mail.content());
            String[] from = headers.getHeader("From");
            if (from == null || from.length != 1) {
                throw new MailFailure(Layer.MESSAGE, Messages.FinishedMessage_from(from == null ? 0 : from.length));
            }
            checkSender(from[0], mail.senders());
            // Mail programs show it as the one who has really sent the message.
            String[] sender = headers.getHeader("Sender");
            for (String field : sender == null ? new String[0] : sender) {
                checkSender(field, mail.senders());
            }
            String id = headers.getHeader("Message-ID", null);
            return new MimeComposer.Composed(
                    new FinishedMessage(mail.content(), id == null ? "" : id.strip()),
                    new Envelope(user, recipients(mail.recipients()), size, isEightBit(mail.content())));
        } catch (IOException | MessagingException e) {
            throw new MailFailure(Layer.MESSAGE, Messages.MimeComposer_failed(QuotedText.clean(e.getMessage())), e);
        }
    }

    /** Each line of a header needs many times its length in memory, so nobody may submit very many. */
    private static InternetHeaders headers(Path content) throws IOException, MessagingException, MailFailure {
        byte[] beginning;
        try (InputStream in = Files.newInputStream(content)) {
            beginning = in.readNBytes(MAX_HEADER);
        }
        ByteArrayInputStream in = new ByteArrayInputStream(beginning);
        InternetHeaders headers = new InternetHeaders(in);
        if (beginning.length == MAX_HEADER && in.available() == 0) {
            throw new MailFailure(Layer.MESSAGE, Messages.FinishedMessage_header(MAX_HEADER / 1024));
        }
        return headers;
    }

    private static boolean isEightBit(Path content) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(content))) {
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b > 127) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Exactly one address, so that what recipients see cannot differ from what was checked. */
    private static void checkSender(String field, List<String> senders) throws MailFailure {
        String address;
        try {
            InternetAddress[] addresses = InternetAddress.parse(field, true);
            address = addresses.length == 1 && !addresses[0].isGroup() ? addresses[0].getAddress() : null;
        } catch (AddressException e) {
            address = null;
        }
        String from = address;
        if (from == null || senders.stream().noneMatch(sender -> CaseFolding.equalsAscii(sender, from))) {
            throw new MailFailure(
                    Layer.MESSAGE,
                    Messages.FinishedMessage_otherSender(
                            QuotedText.clean(from == null ? field : from), String.join(", ", senders)));
        }
    }

    private static List<String> recipients(List<String> entries) throws MailFailure {
        Map<String, String> recipients = new LinkedHashMap<>();
        for (String entry : entries) {
            String address = Addresses.bare(entry);
            recipients.putIfAbsent(MimeComposer.caseless(address), address);
        }
        if (recipients.isEmpty()) {
            throw new MailFailure(Layer.MESSAGE, Messages.FinishedMessage_noRecipients());
        }
        return List.copyOf(recipients.values());
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        Files.copy(content, out);
    }
}
