package io.jenkins.plugins.oauthmail.mail.received;

import jakarta.activation.DataSource;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimePart;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A part of a message that was fetched whole. */
public final class LocalPart implements MailPart {

    private final MimePart part;
    private final AtomicInteger left;
    private final ContentField type;
    private final ContentField disposition;
    private boolean incomplete;
    /** Whether this is declared as a multipart but contains no boundary, and so is text with a wrong type. */
    private boolean undivided;

    /** The root part of a message. */
    public LocalPart(MimeMessage mail) {
        this(mail, new AtomicInteger(BoundedMultipart.MAX_PARTS));
    }

    private LocalPart(MimePart part, AtomicInteger left) {
        this.part = part;
        this.left = left;
        this.type = ContentField.type(header("Content-Type"));
        this.disposition = ContentField.disposition(header("Content-Disposition"));
    }

    @Override
    public String type() {
        return undivided ? "text/plain" : type.value();
    }

    @Override
    public String parameter(String name) {
        return type.parameter(name);
    }

    @Override
    public String fileName() {
        String name = disposition.parameter("filename");
        return name == null ? type.parameter("name") : name;
    }

    @Override
    public boolean attached() {
        return disposition.value().equals(Part.ATTACHMENT);
    }

    @Override
    public boolean inline() {
        return disposition.value().equals(Part.INLINE);
    }

    @Override
    public String contentId() {
        return header("Content-ID");
    }

    @Override
    public List<MailPart> children() {
        if (!type().startsWith("multipart/")) {
            return List.of();
        }
        try {
            DataSource content = part.getDataHandler().getDataSource();
            String told = type.parameter("boundary");
            List<MailPart> children = told == null || told.isBlank() ? List.of() : children(content, told);
            if (!children.isEmpty()) {
                return children;
            }
            String found = BoundedMultipart.boundaryIn(content, told);
            undivided = found == null && (told == null || told.length() <= BoundedMultipart.MAX_BOUNDARY);
            return found == null || found.equals(told) ? List.of() : children(content, found);
        } catch (MessagingException e) {
            return List.of();
        }
    }

    private List<MailPart> children(DataSource content, String boundary) {
        List<MailPart> children = new ArrayList<>();
        try {
            BoundedMultipart multipart = new BoundedMultipart(content, boundary, left);
            for (int i = 0; i < multipart.getCount(); i++) {
                if (multipart.getBodyPart(i) instanceof MimePart child) {
                    children.add(new LocalPart(child, left));
                }
            }
            incomplete = multipart.incomplete();
        } catch (MessagingException e) {
            // A multipart that cannot be parsed is kept as it is.
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
            return TransferDecoding.estimate(part.getSize(), header("Content-Transfer-Encoding"));
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
            return TransferDecoding.decode(raw, header("Content-Transfer-Encoding"));
        } catch (MessagingException e) {
            throw new IOException(e);
        }
    }

    private String header(String name) {
        try {
            return part.getHeader(name, null);
        } catch (MessagingException e) {
            return null;
        }
    }
}
