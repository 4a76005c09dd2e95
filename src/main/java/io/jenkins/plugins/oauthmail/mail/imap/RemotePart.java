package io.jenkins.plugins.oauthmail.mail.imap;

import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.received.BodyText;
import io.jenkins.plugins.oauthmail.mail.received.ContentField;
import io.jenkins.plugins.oauthmail.mail.received.MailPart;
import io.jenkins.plugins.oauthmail.mail.received.ReceivedHeaders;
import io.jenkins.plugins.oauthmail.mail.received.TransferDecoding;
import jakarta.mail.internet.ParameterList;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.angus.mail.imap.protocol.BODYSTRUCTURE;

/** A part that the server has described (BODYSTRUCTURE) and whose content is fetched when needed. */
final class RemotePart implements MailPart {

    /** Servers do not agree on whether the last line end of a part belongs to it. */
    private static final int LINE_END = 2;

    private final ImapFolder folder;
    private final int number;
    private final String section;
    private final BODYSTRUCTURE structure;
    /** The header of a message that consists of a single part; null for other parts. */
    private final ReceivedHeaders headers;

    private byte[] prefetched;
    private SectionStream fetched;

    private RemotePart(
            ImapFolder folder, int number, String section, BODYSTRUCTURE structure, ReceivedHeaders headers) {
        this.folder = folder;
        this.number = number;
        this.section = section;
        this.structure = structure;
        this.headers = headers;
    }

    /**
     * The root part of the message with this number.
     *
     * @param headers take precedence over the server's description, where servers differ
     */
    static RemotePart root(ImapFolder folder, int number, BODYSTRUCTURE structure, ReceivedHeaders headers) {
        boolean single = !structure.isMulti() && !headers.cut();
        return new RemotePart(folder, number, "", structure, single ? headers : null);
    }

    /**
     * Whether the message has to be fetched whole: the server found no parts in a message that should have some, or the
     * type is written in a way that servers misread.
     */
    boolean isMisread() {
        return headers != null
                && (headers.type().value().startsWith("multipart/")
                        || !ContentField.isType(headers.first("Content-Type")));
    }

    /** RFC 3501 section 6.4.5: parts are counted from 1; the only part of a message that is not multipart is also 1. */
    String section() {
        return section.isEmpty() ? "1" : section;
    }

    int number() {
        return number;
    }

    /** The size of the encoded content as announced by the server, in bytes. */
    long encodedSize() {
        return Math.max(0, structure.size);
    }

    /**
     * Sets the content or its beginning, so that it need not be fetched again.
     *
     * @param octets null if the server did not return it
     */
    void prefetched(byte[] octets) {
        // If there should be content but there is none, or less, it is worth fetching again.
        prefetched = octets == null
                        || octets.length == 0 && structure.size > SectionStream.TOLERANCE
                        || folder.announcesExactSizes()
                                && octets.length < BodyText.WIRE_LIMIT
                                && missing(octets.length) > 0
                ? null
                : octets;
    }

    /**
     * Whether the server has announced this size, or about this size if it only estimates sizes.
     *
     * @param header size of the header of the part, which some servers include
     */
    boolean isAsDescribed(int octets, int header, boolean exact) {
        long difference = (long) structure.size - octets;
        return exact
                ? Math.abs(difference) <= LINE_END || difference == header
                : Math.abs(difference) <= Math.max(octets / 10, SectionStream.TOLERANCE);
    }

    boolean isPrefetched() {
        return prefetched != null;
    }

    @Override
    public boolean cut() {
        return prefetched != null && prefetched.length >= BodyText.WIRE_LIMIT;
    }

    @Override
    public String type() {
        if (headers != null) {
            return headers.type().value();
        }
        // RFC 2045 section 5.2: the default is plain text.
        String type = structure.type == null || structure.type.isBlank() ? "text" : structure.type;
        boolean untold = structure.subtype == null || structure.subtype.isBlank();
        return CaseFolding.asciiLower(type + "/" + (untold ? "plain" : structure.subtype));
    }

    @Override
    public String parameter(String name) {
        return headers != null ? headers.type().parameter(name) : parameter(structure.cParams, name);
    }

    @Override
    public String fileName() {
        String name = headers != null
                ? headers.disposition().parameter("filename")
                : parameter(structure.dParams, "filename");
        return name == null ? parameter("name") : name;
    }

    @Override
    public boolean attached() {
        return CaseFolding.equalsAscii("attachment", disposition());
    }

    @Override
    public boolean inline() {
        return CaseFolding.equalsAscii("inline", disposition());
    }

    private String disposition() {
        return headers != null ? headers.disposition().value() : structure.disposition;
    }

    @Override
    public String contentId() {
        return headers != null ? headers.first("Content-ID") : structure.id;
    }

    /**
     * Some servers return content in a different encoding and declare it; others misread the declaration of an encoding
     * that they leave unchanged.
     */
    private String encoding() {
        return headers != null && !TransferDecoding.encodes(structure.encoding)
                ? headers.first("Content-Transfer-Encoding")
                : structure.encoding;
    }

    @Override
    public List<MailPart> children() {
        List<MailPart> children = new ArrayList<>();
        if (structure.isMulti()) {
            for (int i = 0; i < structure.bodies.length; i++) {
                String child = section.isEmpty() ? String.valueOf(i + 1) : section + "." + (i + 1);
                children.add(new RemotePart(folder, number, child, structure.bodies[i], null));
            }
        }
        return children;
    }

    @Override
    public long size() {
        return TransferDecoding.estimate(structure.size, encoding());
    }

    @Override
    public InputStream open() {
        fetched = prefetched == null ? new SectionStream(folder, number, section(), structure.size) : null;
        return TransferDecoding.decode(fetched == null ? new ByteArrayInputStream(prefetched) : fetched, encoding());
    }

    /**
     * The announced size is an estimate: allows for different line ends, and a tenth for different line lengths of
     * base64.
     */
    @Override
    public long missing() {
        return fetched == null ? 0 : missing(fetched.count());
    }

    private long missing(int octets) {
        long missing = structure.size - (long) octets;
        return missing > Math.max(structure.size / 10, SectionStream.TOLERANCE) ? missing : 0;
    }

    @Override
    public boolean endsEarly() {
        return folder.announcesExactSizes() && missing() > 0;
    }

    private static String parameter(ParameterList parameters, String name) {
        return parameters == null ? null : parameters.get(name);
    }
}
