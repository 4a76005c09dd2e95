package io.jenkins.plugins.oauthmail.mail.received;

import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * A part of a received message, which may still be on the server ({@code RemotePart}) or be part of a message that was
 * fetched whole ({@link LocalPart}).
 */
public interface MailPart {

    /** MIME type in lower case, without parameters. */
    String type();

    /**
     * A parameter of the content type, or null.
     *
     * @param name in lower case
     */
    String parameter(String name);

    /** The name that the sender gave the part, or null. */
    String fileName();

    /** Whether the sender declared the part an attachment. */
    boolean attached();

    /** Whether the sender wants the part to be displayed inside the message. */
    boolean inline();

    /** The id with which the HTML refers to the part, or null. */
    String contentId();

    /**
     * The parts of a multipart; empty for any other type.
     *
     * @throws MailFailure if the time for the read is over or the thread was interrupted
     */
    List<MailPart> children() throws MailFailure;

    /**
     * Whether there are more parts than {@link #children} returned, which must have been called before. If it returned
     * none, they are all in the content of this part.
     */
    default boolean incomplete() {
        return false;
    }

    /** Estimated size of the decoded content, in bytes. */
    long size();

    /** Whether only the beginning of the content is available. */
    default boolean cut() {
        return false;
    }

    /** Opens the decoded content; the stream is {@link Damaged} if the decoder can detect damage. */
    InputStream open() throws IOException;

    /**
     * How many bytes the server announced but did not return, once the stream of {@link #open} was read to its end; 0
     * if none are missing.
     */
    default long missing() {
        return 0;
    }

    /**
     * Whether the content certainly has more than was returned, once the stream of {@link #open} was read to its end:
     * {@link #missing}, unless the server only estimates sizes.
     */
    default boolean endsEarly() {
        return false;
    }
}
