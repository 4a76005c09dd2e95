package io.jenkins.plugins.oauthmail.mail.received;

import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.internet.ContentDisposition;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimePart;
import jakarta.mail.internet.ParseException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A part of a mail that was read whole. Whatever cannot be understood is octets of an unknown type. */
public final class LocalPart implements MailPart {

    private static final String OCTETS = "application/octet-stream";

    /** Jakarta Mail takes such fields apart in a time that grows with the square of their length. */
    private static final int MAX_FIELD = 4096;

    private final MimePart part;
    private final AtomicInteger left;
    /** Null if it cannot be understood. */
    private final ContentType type;

    private final ContentDisposition disposition;
    private boolean incomplete;

    /** The whole mail. */
    public LocalPart(MimeMessage mail) {
        this(mail, new AtomicInteger(BoundedMultipart.MAX_PARTS));
    }

    private LocalPart(MimePart part, AtomicInteger left) {
        this.part = part;
        this.left = left;
        this.type = contentType(part);
        this.disposition = disposition(part);
    }

    @Override
    public String type() {
        return type == null ? OCTETS : CaseFolding.asciiLower(type.getBaseType());
    }

    @Override
    public String charset() {
        return type == null ? null : type.getParameter("charset");
    }

    @Override
    public String fileName() {
        String name = disposition == null ? null : disposition.getParameter("filename");
        return name == null && type != null ? type.getParameter("name") : name;
    }

    @Override
    public boolean attached() {
        return disposition != null && CaseFolding.equalsAscii(Part.ATTACHMENT, disposition.getDisposition());
    }

    @Override
    public List<MailPart> children() {
        List<MailPart> children = new ArrayList<>();
        try {
            if (type().startsWith("multipart/")) {
                BoundedMultipart multipart =
                        new BoundedMultipart(part.getDataHandler().getDataSource(), type, left);
                for (int i = 0; i < multipart.getCount(); i++) {
                    if (multipart.getBodyPart(i) instanceof MimePart child) {
                        children.add(new LocalPart(child, left));
                    }
                }
                incomplete = multipart.incomplete();
            }
        } catch (MessagingException e) {
            // Not taken apart, it is kept as it is.
            children.clear();
        }
        return children;
    }

    @Override
    public boolean incomplete() {
        return incomplete;
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
            InputStream raw = part instanceof MimeMessage mail
                    ? mail.getRawInputStream()
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

    private static ContentType contentType(MimePart part) {
        try {
            String header = part.getHeader("Content-Type", null);
            // RFC 2045 section 5.2: plain text if nothing is said.
            return header == null ? new ContentType("text/plain") : new ContentType(bounded(header));
        } catch (MessagingException e) {
            return null;
        }
    }

    private static ContentDisposition disposition(MimePart part) {
        try {
            String header = part.getHeader("Content-Disposition", null);
            return header == null ? null : new ContentDisposition(bounded(header));
        } catch (MessagingException e) {
            // What nobody understands is better saved than shown.
            return new ContentDisposition(Part.ATTACHMENT, null);
        }
    }

    private static String bounded(String field) throws ParseException {
        if (field.length() > MAX_FIELD) {
            throw new ParseException("longer than " + MAX_FIELD);
        }
        return field;
    }
}
