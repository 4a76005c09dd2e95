package io.jenkins.plugins.oauthmail.testing.mail;

import jakarta.activation.DataHandler;
import jakarta.mail.Flags;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Drafts, uploads and sending of a {@link GraphFake}. */
final class GraphDrafts {
    private static final int SWALLOWED = 2_200_000;
    private static final int MAX_POSTED = 3 << 20;
    private static final Pattern RANGE = Pattern.compile("bytes (\\d+)-(\\d+)/(\\d+)");

    private final GraphMailboxes mailboxes;
    private final MailServerFake mails;
    private final GraphFake fake;
    private final Map<String, List<MimeBodyPart>> attachments = new ConcurrentHashMap<>();
    private final Map<String, Upload> uploads = new ConcurrentHashMap<>();

    private static final class Upload {
        private final String draft;
        private final Map<?, ?> item;
        private final long size;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Upload(String draft, Map<?, ?> item) {
            this.draft = draft;
            this.item = item;
            this.size = ((Number) item.get("size")).longValue();
        }
    }

    GraphDrafts(GraphMailboxes mailboxes, MailServerFake mails, GraphFake fake) {
        this.mailboxes = mailboxes;
        this.mails = mails;
        this.fake = fake;
    }

    GraphReply sendMail(String user, GraphRequest request) {
        MimeMessage message = mime(request);
        if (fake.has(GraphTrait.SWALLOWS_LARGE_MESSAGES) && request.body().length > SWALLOWED) {
            return GraphReply.empty(200);
        }
        submit(user, message, null);
        return GraphReply.empty(202);
    }

    GraphReply create(String user, GraphRequest request) {
        MimeMessage message = mime(request);
        GraphMailboxes.Place place = mailboxes.append(
                user, GraphMailboxes.DRAFTS, message, new Flags(Flags.Flag.DRAFT), Date.from(Instant.now()));
        return GraphReply.json(201, mailboxes.object(place, request));
    }

    private static MimeMessage mime(GraphRequest request) {
        if (!request.isMime()) {
            throw new GraphReply.Refused(400, "RequestBodyRead", "Only messages in MIME are accepted here.");
        }
        try {
            byte[] raw = Base64.getDecoder().decode(request.body());
            return new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(raw));
        } catch (IllegalArgumentException | MessagingException e) {
            throw new GraphReply.Refused(
                    400, "ErrorMimeContentInvalidBase64String", "Invalid base64 string for MIME content.");
        }
    }

    /** What was uploaded, also for drafts that nobody has sent. */
    void forget() {
        attachments.clear();
        uploads.clear();
    }

    GraphReply attach(String user, List<String> levels, GraphRequest request) {
        GraphMailboxes.Place draft = mailboxes.find(user, levels.get(1));
        String id = mailboxes.id(draft);
        Map<String, Object> object = GraphReply.parse(request.body());
        if (levels.size() == 3) {
            byte[] content = Base64.getDecoder().decode(String.valueOf(object.get("contentBytes")));
            if (content.length > MAX_POSTED) {
                throw new GraphReply.Refused(413, "ErrorAttachmentSizeLimitExceeded", "The attachment is too large.");
            }
            add(id, object, content);
            return GraphReply.json(201, GraphFake.object("id", UUID.randomUUID().toString()));
        }
        if (fake.has(GraphTrait.HAS_NO_UPLOAD_SESSIONS)) {
            throw new GraphReply.Refused(
                    400, "BadRequest", "Resource not found for the segment 'createUploadSession'.");
        }
        String token = UUID.randomUUID().toString();
        Upload upload = new Upload(id, (Map<?, ?>) object.get("AttachmentItem"));
        if (upload.size < MAX_POSTED) {
            throw new GraphReply.Refused(
                    400, "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize", "The size is below 3 MB.");
        }
        uploads.put(token, upload);
        return GraphReply.json(
                201,
                GraphFake.object(
                        "uploadUrl", request.root().resolve("/upload/" + token).toString(),
                        "nextExpectedRanges", List.of("0-")));
    }

    /** A part of an upload. The token must not be sent there. */
    GraphReply stored(GraphRequest request) {
        Upload upload = uploads.get(request.path().substring("/upload/".length()));
        Matcher range = RANGE.matcher(String.valueOf(request.header("Content-Range")));
        if (upload == null || !request.token().isEmpty() || !range.matches()) {
            throw new GraphReply.Refused(400, "ErrorInvalidRequest", "Your request can't be completed.");
        }
        if (Long.parseLong(range.group(1)) != upload.bytes.size()
                || Long.parseLong(range.group(2)) + 1 - upload.bytes.size() != request.body().length
                || Long.parseLong(range.group(3)) != upload.size) {
            throw new GraphReply.Refused(416, "InvalidRange", "The range is not the next one.");
        }
        upload.bytes.writeBytes(request.body());
        if (upload.bytes.size() < upload.size) {
            return GraphReply.json(
                    200, GraphFake.object("nextExpectedRanges", List.of(String.valueOf(upload.bytes.size()))));
        }
        add(upload.draft, upload.item, upload.bytes.toByteArray());
        return GraphReply.empty(201).with("Location", request.root().toString());
    }

    private void add(String draft, Map<?, ?> item, byte[] content) {
        try {
            String type = String.valueOf(item.get("contentType"));
            MimeBodyPart part = new MimeBodyPart();
            part.setDataHandler(new DataHandler(new ByteArrayDataSource(content, type)));
            part.setFileName(String.valueOf(item.get("name")));
            if (Boolean.TRUE.equals(item.get("isInline"))) {
                part.setDisposition(Part.INLINE);
                part.setContentID("<" + item.get("contentId") + ">");
            }
            part.setHeader("Content-Type", type);
            part.setHeader("Content-Transfer-Encoding", "base64");
            attachments.computeIfAbsent(draft, key -> new ArrayList<>()).add(part);
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    GraphReply send(GraphMailboxes.Place place) {
        if (!place.folder().equals(GraphMailboxes.DRAFTS)) {
            throw new GraphReply.Refused(400, "ErrorInvalidOperation", "The message has been sent.");
        }
        String id = mailboxes.id(place);
        MimeMessage message = mailboxes.stored(place).getMimeMessage();
        List<MimeBodyPart> more = attachments.remove(id);
        submit(place.user(), more == null ? message : joined(message, more), id);
        mailboxes.remove(place);
        return GraphReply.empty(202);
    }

    private static MimeMessage joined(MimeMessage message, List<MimeBodyPart> more) {
        try {
            InternetHeaders content = new InternetHeaders();
            for (String name : List.of("Content-Type", "Content-Transfer-Encoding", "Content-Disposition")) {
                String value = message.getHeader(name, null);
                if (value != null) {
                    content.addHeader(name, value);
                }
            }
            MimeMultipart mixed = new MimeMultipart("mixed");
            mixed.addBodyPart(
                    new MimeBodyPart(content, message.getRawInputStream().readAllBytes()));
            for (MimeBodyPart part : more) {
                mixed.addBodyPart(part);
            }
            MimeMessage joined = new MimeMessage(message) {
                @Override
                protected void updateMessageID() {
                    // It keeps its own.
                }
            };
            joined.removeHeader("Content-Transfer-Encoding");
            joined.setContent(mixed);
            joined.saveChanges();
            return joined;
        } catch (IOException | MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param id the id of the copy in Sent Items; null for any */
    private void submit(String user, MimeMessage draft, String id) {
        try {
            MimeMessage message = new MimeMessage(draft);
            InternetAddress[] from = InternetAddress.parseHeader(String.valueOf(message.getHeader("From", ",")), false);
            if (from.length != 1 || !mailboxes.mayBe(user, from[0].getAddress())) {
                throw new GraphReply.Refused(
                        403,
                        "ErrorSendAsDenied",
                        "The user account which was used to submit this request does not have the right to send mail on"
                                + " behalf of the specified sending account., Cannot submit message.");
            }
            Map<String, InternetAddress> recipients = new LinkedHashMap<>();
            for (RecipientType type : List.of(RecipientType.TO, RecipientType.CC, RecipientType.BCC)) {
                String value = message.getHeader(type.toString(), ",");
                for (InternetAddress address : InternetAddress.parseHeader(value == null ? "" : value, false)) {
                    recipients.put(address.getAddress(), address);
                }
            }
            if (recipients.isEmpty()) {
                throw new GraphReply.Refused(400, "ErrorInvalidRecipients", "At least one recipient isn't valid.");
            }
            message.removeHeader("Bcc");
            if (fake.has(GraphTrait.DROPS_HEADER_FIELDS)) {
                message.removeHeader("Auto-Submitted");
                message.removeHeader("Return-Path");
            }
            if (fake.has(GraphTrait.REPLACES_MESSAGE_IDS)) {
                message.setHeader("Message-ID", "<" + UUID.randomUUID() + "@eurprd01.prod.outlook.com>");
            }
            Date now = Date.from(Instant.now());
            GraphMailboxes.Place copy =
                    mailboxes.append(user, GraphMailboxes.SENT, message, new Flags(Flags.Flag.SEEN), now);
            if (id != null) {
                mailboxes.remember(copy, id);
            }
            for (String recipient : recipients.keySet()) {
                mailboxes.append(recipient, GraphMailboxes.INBOX, message, new Flags(), now);
            }
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }
}
