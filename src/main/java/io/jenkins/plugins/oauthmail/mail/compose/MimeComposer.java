package io.jenkins.plugins.oauthmail.mail.compose;

import io.jenkins.plugins.oauthmail.mail.model.Addresses;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.MailAddress;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import jakarta.activation.DataHandler;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.ContentDisposition;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimePart;
import jakarta.mail.internet.ParameterList;
import java.io.UnsupportedEncodingException;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;

/** Creates the MIME message and its envelope from an {@link OutgoingMail}, and refuses what must not be sent. */
public final class MimeComposer {

    private static final String UTF_8 = "UTF-8";
    private static final String OCTETS = "application/octet-stream";

    private final OutgoingMail mail;
    private final Map<String, String> recipients = new LinkedHashMap<>();

    public MimeComposer(OutgoingMail mail) {
        this.mail = mail;
    }

    /** Created with the first message, as it looks up services with the class loader of the calling thread. */
    private static final class Shared {
        static final Session SESSION = Session.getInstance(new Properties());
    }

    /** A message and its envelope. */
    public record Composed(ComposedMessage message, Envelope envelope) {}

    public Composed compose() throws MailFailure {
        try {
            InternetAddress from = internetAddress(Addresses.one("from", mail.from()));
            String domain = from.getAddress().substring(from.getAddress().lastIndexOf('@') + 1);
            ComposedMessage message = new ComposedMessage(Shared.SESSION, "<" + UUID.randomUUID() + "@" + domain + ">");
            message.setFrom(from);
            message.setRecipients(RecipientType.TO, recipients("to", mail.to()));
            message.setRecipients(RecipientType.CC, recipients("cc", mail.cc()));
            recipients("bcc", mail.bcc());
            if (recipients.isEmpty()) {
                throw new MailFailure(Layer.MESSAGE, Messages.MimeComposer_noRecipients());
            }
            if (!mail.replyTo().isEmpty()) {
                message.setReplyTo(addresses("replyTo", mail.replyTo()).toArray(new InternetAddress[0]));
            }
            String subject = HeaderRules.oneLine("subject", mail.subject());
            message.setHeader("Subject", HeaderText.prose("Subject: ".length(), subject));
            message.setSentDate(new Date());
            // RFC 3834 section 5: prevents replies from absence notices and other robots.
            message.setHeader("Auto-Submitted", "auto-generated");
            headers(message);
            content(message);
            message.saveChanges();
            return new Composed(
                    message,
                    new Envelope(from.getAddress(), new ArrayList<>(recipients.values()), MessageSize.estimate(mail)));
        } catch (MessagingException | UnsupportedEncodingException e) {
            throw new MailFailure(Layer.MESSAGE, Messages.MimeComposer_failed(QuotedText.clean(e.getMessage())), e);
        }
    }

    private InternetAddress[] recipients(String field, List<String> entries) throws MailFailure {
        List<InternetAddress> addresses = addresses(field, entries);
        for (InternetAddress address : addresses) {
            recipients.putIfAbsent(caseless(address.getAddress()), address.getAddress());
        }
        return addresses.isEmpty() ? null : addresses.toArray(new InternetAddress[0]);
    }

    /**
     * Domains are case-insensitive; how the local part is compared is up to the receiving server (RFC 5321 section
     * 2.4).
     */
    static String caseless(String address) {
        int at = address.lastIndexOf('@');
        return address.substring(0, at) + CaseFolding.asciiLower(address.substring(at));
    }

    private static InternetAddress internetAddress(MailAddress address) {
        try {
            return HeaderText.address(address);
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<InternetAddress> addresses(String field, Collection<String> entries) throws MailFailure {
        List<InternetAddress> addresses = new ArrayList<>();
        for (String entry : entries) {
            addresses.add(internetAddress(Addresses.one(field, entry)));
        }
        return addresses;
    }

    private void headers(ComposedMessage message) throws MailFailure, MessagingException, UnsupportedEncodingException {
        for (Map.Entry<String, String> header : mail.headers().entrySet()) {
            String name = HeaderRules.name(header.getKey());
            String value = HeaderRules.oneLine("headers: " + name, header.getValue());
            message.setHeader(name, HeaderText.value(name.length() + 2, value));
        }
    }

    private void content(ComposedMessage message) throws MailFailure, MessagingException {
        InlineImages inline = InlineImages.of(mail);
        if (inline.others().isEmpty()) {
            body(message, inline.images());
            return;
        }
        MimeMultipart mixed = new MimeMultipart("mixed");
        MimeBodyPart body = new MimeBodyPart();
        body(body, inline.images());
        mixed.addBodyPart(body);
        for (OutgoingMail.Attachment attachment : inline.others()) {
            mixed.addBodyPart(attachment(attachment, false));
        }
        message.setContent(mixed);
    }

    private void body(MimePart part, List<OutgoingMail.Attachment> images) throws MailFailure, MessagingException {
        String plain = mail.text();
        String html = mail.html();
        if (html == null) {
            text(part, plain == null ? "" : plain, "plain");
        } else {
            // RFC 2046 section 5.1.4: the preferred alternative comes last.
            MimeMultipart alternative = new MimeMultipart("alternative");
            alternative.addBodyPart(form(plain == null ? PlainTextAlternative.of(html) : plain, "plain"));
            alternative.addBodyPart(images.isEmpty() ? form(html, "html") : withImages(html, images));
            part.setContent(alternative);
        }
    }

    /** RFC 2387: the first part is the one that refers to the others. */
    private MimeBodyPart withImages(String html, List<OutgoingMail.Attachment> images)
            throws MailFailure, MessagingException {
        MimeMultipart related = new MimeMultipart("related; type=\"text/html\"");
        related.addBodyPart(form(html, "html"));
        for (OutgoingMail.Attachment image : images) {
            related.addBodyPart(attachment(image, true));
        }
        MimeBodyPart body = new MimeBodyPart();
        body.setContent(related);
        return body;
    }

    private MimeBodyPart form(String content, String subtype) throws MessagingException {
        MimeBodyPart form = new MimeBodyPart();
        text(form, content, subtype);
        return form;
    }

    /**
     * Converts line ends to CR LF (RFC 2046 section 4.1.1), even though the part is sent as base64, because nothing
     * converts them later.
     */
    private static void text(MimePart part, String text, String subtype) throws MessagingException {
        part.setText(text.replaceAll("\r\n|\r|\n", "\r\n"), UTF_8, subtype);
    }

    /**
     * The attachments of a message, to be sent apart from it, in their order.
     *
     * @throws MailFailure if the name of one must not be sent
     */
    public static List<AttachmentSource> sources(OutgoingMail mail) throws MailFailure {
        List<OutgoingMail.Attachment> images = InlineImages.of(mail).images();
        List<AttachmentSource> sources = new ArrayList<>();
        for (OutgoingMail.Attachment attachment : mail.attachments()) {
            sources.add(source(attachment, images.contains(attachment)));
        }
        return sources;
    }

    private static AttachmentSource source(OutgoingMail.Attachment attachment, boolean shown) throws MailFailure {
        String name = HeaderRules.fileName(attachment.name());
        return new AttachmentSource(attachment, name, type(name), shown ? attachment.name() : null);
    }

    private static MimeBodyPart attachment(OutgoingMail.Attachment attachment, boolean shown)
            throws MailFailure, MessagingException {
        AttachmentSource source = source(attachment, shown);
        String name = source.getName();
        String type = source.getContentType();
        MimeBodyPart part = new MimeBodyPart();
        part.setDataHandler(new DataHandler(source));
        // setFileName() would encode with the JVM's default charset, which may be ASCII. Without an explicit encoding,
        // Jakarta Mail would read the whole content once more to choose one.
        ParameterList parameters = new ParameterList();
        parameters.set("filename", name, UTF_8);
        part.setHeader(
                "Content-Disposition", new ContentDisposition(shown ? "inline" : "attachment", parameters).toString());
        part.setHeader("Content-Type", new ContentType(type).toString());
        part.setHeader("Content-Transfer-Encoding", "base64");
        if (source.contentId() != null) {
            part.setContentID("<" + source.contentId() + ">");
        }
        return part;
    }

    /** RFC 2046 sections 5.1 and 5.2.1: types multipart and message must not be encoded as base64. */
    static String type(String name) {
        String guess = URLConnection.guessContentTypeFromName(name);
        return guess == null || guess.startsWith("message/") || guess.startsWith("multipart/") ? OCTETS : guess;
    }
}
