package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.InputStream;

/** Stores attachments while their messages are being read, with the connection to the server open. */
@FunctionalInterface
public interface AttachmentSink {

    /**
     * Stores one attachment.
     *
     * @param mailId {@link ReceivedMail#id()}
     * @param name a file name that is safe on every system: no folders, no control characters, no name that Windows
     *     reserves, at most 120 characters, and unique within the message even where case is ignored
     * @param content the decoded bytes, streamed from the server, or the raw bytes if they cannot be decoded; may be
     *     read in part; closed by the caller
     * @return where the attachment is stored, for {@link ReceivedMail.Attachment#path()}, perhaps under another name; null
     *     if it was not kept
     * @throws IOException if it cannot be stored; the read then fails with a {@link MailFailure}, unless it was
     *     {@code content} that failed
     * @throws InterruptedException if the build was stopped
     */
    @CheckForNull
    String save(@NonNull MailId mailId, @NonNull String name, @NonNull InputStream content)
            throws IOException, InterruptedException;
}
