package io.jenkins.plugins.oauthmail.mail.received;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** A part of a received mail, wherever it is: still on the server, or in a mail that was read whole. */
public interface MailPart {

    /** MIME type in lower case without parameters. */
    String type();

    /**
     * A parameter of the content type, or null.
     *
     * @param name in lower case
     */
    String parameter(String name);

    /** As the sender wrote it, or null. */
    String fileName();

    /** Whether the sender calls it an attachment. */
    boolean attached();

    /** Whether the sender wants it to be shown where it is. */
    boolean inline();

    /** By what the text refers to it, or null. */
    String contentId();

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
