package io.jenkins.plugins.oauthmail.mail.imap;

import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.received.BodyText;
import io.jenkins.plugins.oauthmail.mail.received.MailPart;
import io.jenkins.plugins.oauthmail.mail.received.TransferDecoding;
import jakarta.mail.internet.ParameterList;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.angus.mail.imap.protocol.BODYSTRUCTURE;

/** A part that the server described (BODYSTRUCTURE) and hands out when it is wanted. */
final class RemotePart implements MailPart {

    private final ImapFolder folder;
    private final int number;
    private final String section;
    private final BODYSTRUCTURE structure;
    private byte[] prefetched;
    private SectionStream fetched;

    private RemotePart(ImapFolder folder, int number, String section, BODYSTRUCTURE structure) {
        this.folder = folder;
        this.number = number;
        this.section = section;
        this.structure = structure;
    }

    /** The whole mail with that number. */
    static RemotePart root(ImapFolder folder, int number, BODYSTRUCTURE structure) {
        return new RemotePart(folder, number, "", structure);
    }

    /** RFC 3501 section 6.4.5: parts count from 1; the only part of a mail without multiparts is 1 as well. */
    String section() {
        return section.isEmpty() ? "1" : section;
    }

    int number() {
        return number;
    }

    /** Encoded octets, as the server says. */
    long encodedSize() {
        return Math.max(0, structure.size);
    }

    /**
     * Gives the part its content, or the beginning of it, so that it need not be asked for again.
     *
     * @param octets null if the server did not hand them out
     */
    void prefetched(byte[] octets) {
        // Nothing where there should be something is worth another question.
        prefetched = octets == null || octets.length == 0 && structure.size > SectionStream.TOLERANCE ? null : octets;
    }

    @Override
    public boolean cut() {
        return prefetched != null && prefetched.length >= BodyText.WIRE_LIMIT;
    }

    @Override
    public String type() {
        return CaseFolding.asciiLower(structure.type + "/" + structure.subtype);
    }

    @Override
    public String charset() {
        return parameter(structure.cParams, "charset");
    }

    @Override
    public String fileName() {
        String name = parameter(structure.dParams, "filename");
        return name == null ? parameter(structure.cParams, "name") : name;
    }

    @Override
    public boolean attached() {
        return CaseFolding.equalsAscii("attachment", structure.disposition);
    }

    @Override
    public List<MailPart> children() {
        List<MailPart> children = new ArrayList<>();
        if (structure.isMulti()) {
            for (int i = 0; i < structure.bodies.length; i++) {
                String child = section.isEmpty() ? String.valueOf(i + 1) : section + "." + (i + 1);
                children.add(new RemotePart(folder, number, child, structure.bodies[i]));
            }
        }
        return children;
    }

    @Override
    public long size() {
        return TransferDecoding.estimate(structure.size, structure.encoding);
    }

    @Override
    public InputStream open() {
        fetched = prefetched == null ? new SectionStream(folder, number, section(), structure.size) : null;
        return TransferDecoding.decode(
                fetched == null ? new ByteArrayInputStream(prefetched) : fetched, structure.encoding);
    }

    /** Sizes are estimates, but for how lines end and how base64 is broken a tenth is enough. */
    @Override
    public long missing() {
        long missing = fetched == null ? 0 : structure.size - (long) fetched.count();
        return missing > Math.max(structure.size / 10, SectionStream.TOLERANCE) ? missing : 0;
    }

    private static String parameter(ParameterList parameters, String name) {
        return parameters == null ? null : parameters.get(name);
    }
}
