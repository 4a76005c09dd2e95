package io.jenkins.plugins.oauthmail.mail.received;

import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimePart;
import jakarta.mail.internet.ParseException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** A part of a mail that was read whole. Whatever cannot be understood is octets of an unknown type. */
public final class LocalPart implements MailPart {

    private static final String OCTETS = "application/octet-stream";

    private final MimePart part;

    public LocalPart(MimePart part) {
        this.part = part;
    }

    @Override
    public String type() {
        ContentType type = contentType();
        return type == null ? OCTETS : CaseFolding.asciiLower(type.getBaseType());
    }

    @Override
    public String charset() {
        ContentType type = contentType();
        return type == null ? null : type.getParameter("charset");
    }

    @Override
    public String fileName() {
        try {
            return part.getFileName();
        } catch (MessagingException e) {
            return null;
        }
    }

    @Override
    public boolean attached() {
        try {
            return CaseFolding.equalsAscii(Part.ATTACHMENT, part.getDisposition());
        } catch (MessagingException e) {
            return true;
        }
    }

    @Override
    public List<MailPart> children() {
        List<MailPart> children = new ArrayList<>();
        try {
            if (type().startsWith("multipart/") && part.getContent() instanceof Multipart) {
                Multipart multipart = (Multipart) part.getContent();
                for (int i = 0; i < multipart.getCount(); i++) {
                    if (multipart.getBodyPart(i) instanceof MimePart) {
                        children.add(new LocalPart((MimePart) multipart.getBodyPart(i)));
                    }
                }
            }
        } catch (MessagingException | IOException e) {
            // Not taken apart, it is kept as it is.
            children.clear();
        }
        return children;
    }

    @Override
    public long size() {
        try {
            return TransferDecoding.estimate(part.getSize(), part.getEncoding());
        } catch (MessagingException e) {
            return 0;
        }
    }

    @Override
    public InputStream open() throws IOException {
        try {
            InputStream raw = part instanceof MimeMessage
                    ? ((MimeMessage) part).getRawInputStream()
                    : ((MimeBodyPart) part).getRawInputStream();
            return TransferDecoding.decode(raw, encoding());
        } catch (MessagingException e) {
            throw new IOException(e);
        }
    }

    private String encoding() {
        try {
            return part.getEncoding();
        } catch (MessagingException e) {
            return null;
        }
    }

    private ContentType contentType() {
        try {
            String header = part.getHeader("Content-Type", null);
            // RFC 2045 section 5.2: plain text if nothing is said.
            return header == null ? new ContentType("text/plain") : new ContentType(header);
        } catch (ParseException e) {
            return null;
        } catch (MessagingException e) {
            return null;
        }
    }
}
