package io.jenkins.plugins.oauthmail.mail.received;

import jakarta.mail.Part;
import jakarta.mail.internet.SharedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A part of a message that was fetched whole. */
public final class LocalPart implements MailPart {

    private final Slice content;
    private final HeaderFields header;
    private final AtomicInteger left;
    private final ContentField type;
    private final ContentField disposition;
    private boolean incomplete;
    /** Whether this is declared as a multipart but contains no boundary, and so is text with a wrong type. */
    private boolean undivided;

    /**
     * The root part of a message.
     *
     * @param mail the message from its beginning
     * @param size in bytes
     */
    public LocalPart(SharedInputStream mail, long size) throws IOException {
        this(new Slice(mail, 0, size), new AtomicInteger(BoundedMultipart.MAX_PARTS));
    }

    private LocalPart(Slice part, AtomicInteger left) throws IOException {
        long begin = contentBegin(part);
        this.content = part.part(begin, part.to());
        this.header = header(part.part(part.from(), begin));
        this.left = left;
        this.type = ContentField.type(header.first("Content-Type"));
        this.disposition = ContentField.disposition(header.first("Content-Disposition"));
    }

    private static long contentBegin(Slice part) throws IOException {
        try (Lines lines = new Lines(part, new byte[0])) {
            Lines.Kind kind = lines.read();
            while (kind != null && kind != Lines.Kind.EMPTY) {
                kind = lines.read();
            }
            return kind == null ? part.to() : lines.next();
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
        return header.first("Content-ID");
    }

    @Override
    public List<MailPart> children() {
        if (!type().startsWith("multipart/")) {
            return List.of();
        }
        try {
            String told = type.parameter("boundary");
            List<MailPart> children =
                    told == null || told.isBlank() ? List.of() : children(told.getBytes(StandardCharsets.UTF_8));
            if (!children.isEmpty()) {
                return children;
            }
            String found = BoundedMultipart.boundaryIn(content, told);
            undivided = found == null && (told == null || told.length() <= BoundedMultipart.MAX_BOUNDARY);
            return found == null || found.equals(told)
                    ? List.of()
                    : children(found.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return List.of();
        }
    }

    private List<MailPart> children(byte[] boundary) throws IOException {
        BoundedMultipart multipart = new BoundedMultipart(content, boundary, left);
        List<MailPart> children = new ArrayList<>();
        for (Slice child : multipart.parts()) {
            children.add(new LocalPart(child, left));
        }
        incomplete = multipart.incomplete();
        return children;
    }

    @Override
    public boolean incomplete() {
        return incomplete;
    }

    @Override
    public long size() {
        return TransferDecoding.estimate(content.size(), header.first("Content-Transfer-Encoding"));
    }

    @Override
    public InputStream open() {
        return TransferDecoding.decode(content.open(), header.first("Content-Transfer-Encoding"));
    }
}
