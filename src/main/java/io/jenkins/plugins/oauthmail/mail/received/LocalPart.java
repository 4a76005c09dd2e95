package io.jenkins.plugins.oauthmail.mail.received;

import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import jakarta.mail.Part;
import jakarta.mail.internet.SharedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A part of a message that was fetched whole. */
public final class LocalPart implements MailPart {

    private final Slice content;
    private final ScanLimits limits;
    private final ContentField type;
    private final ContentField disposition;
    private final String encoding;
    private final String contentId;
    private boolean incomplete;
    /** Whether this is declared as a multipart but contains no boundary, and so is text with a wrong type. */
    private boolean undivided;

    /**
     * The root part of a message.
     *
     * @param mail the message from its beginning
     * @param size in bytes
     * @param time checked while the message is split into its parts
     * @throws MailFailure if the time is over or the thread was interrupted
     */
    public LocalPart(SharedInputStream mail, long size, ReadDeadline time) throws IOException, MailFailure {
        this(new Slice(mail, 0, size), new ScanLimits(size, time));
    }

    private LocalPart(Slice part, ScanLimits limits) throws IOException, MailFailure {
        long begin = contentBegin(part, limits);
        HeaderFields header = header(part.part(part.from(), begin));
        this.content = part.part(begin, part.to());
        this.limits = limits;
        this.type = ContentField.type(header.first("Content-Type"));
        this.disposition = ContentField.disposition(header.first("Content-Disposition"));
        this.encoding = header.first("Content-Transfer-Encoding");
        this.contentId = header.first("Content-ID");
    }

    /** Not limited in size: the headers of all parts together are not longer than the message. */
    private static long contentBegin(Slice part, ScanLimits limits) throws IOException, MailFailure {
        try (Lines lines = new Lines(part, limits)) {
            while (lines.read()) {
                if (lines.empty()) {
                    return lines.next();
                }
            }
            return part.to();
        }
    }

    private static HeaderFields header(Slice header) throws IOException {
        try (InputStream in = header.open()) {
            return HeaderFields.parse(in.readNBytes(ReceivedHeaders.MAX_BYTES));
        }
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
        return contentId;
    }

    @Override
    public List<MailPart> children() throws MailFailure {
        if (!type().startsWith("multipart/")) {
            return List.of();
        }
        if (!limits.allowsScan(content.size())) {
            incomplete = true;
            return List.of();
        }
        String boundary = type.parameter("boundary");
        boolean declared = boundary != null && !boundary.isBlank();
        try {
            BoundedMultipart multipart =
                    new BoundedMultipart(content, declared ? boundary.getBytes(StandardCharsets.UTF_8) : null, limits);
            List<MailPart> children = new ArrayList<>();
            for (Slice child : multipart.parts()) {
                children.add(new LocalPart(child, limits));
            }
            incomplete = multipart.incomplete();
            undivided = multipart.undivided();
            return children;
        } catch (IOException e) {
            return List.of();
        }
    }

    @Override
    public boolean incomplete() {
        return incomplete;
    }

    @Override
    public long size() {
        return TransferDecoding.estimate(content.size(), encoding);
    }

    @Override
    public InputStream open() {
        return TransferDecoding.decode(content.open(), encoding);
    }
}
