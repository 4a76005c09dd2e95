package io.jenkins.plugins.oauthmail.mail.received;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** A part of a received mail, wherever it is: still on the server, or in a mail that was read whole. */
public interface MailPart {

    /** MIME type in lower case without parameters. */
    String type();

    /** Parameter of the content type, or null. */
    String charset();

    /** As the sender wrote it, or null. */
    String fileName();

    /** Whether the sender calls it an attachment. */
    boolean attached();

    /** Parts of a multipart, empty for anything else. */
    List<MailPart> children();

    /** Whether {@link #children}, which was called before, are not all there are. */
    default boolean incomplete() {
        return false;
    }

    /** Decoded octets, estimated. */
    long size();

    /** Whether only the beginning of the content is at hand. */
    default boolean cut() {
        return false;
    }

    /** Decoded content; {@link Damaged} if the decoding can tell. */
    InputStream open() throws IOException;

    /** Octets that the server announced and did not hand out, once {@link #open} was read to the end; 0 for none. */
    default long missing() {
        return 0;
    }
}
