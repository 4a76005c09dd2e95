package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.InputStream;

/** Takes the attachments of mails that are being read, while the connection to the server is open. */
@FunctionalInterface
public interface AttachmentSink {

    /**
     * Stores one attachment.
     *
     * @param mailId {@link ReceivedMail#id()}
     * @param name safe as a file name on any system: no folders, no control characters, none of the names that Windows
     *     keeps for itself, at most 120 characters, and no two alike within one mail even where case does not count
     * @param content decoded octets straight from the server, as they are if they cannot be decoded; read it to the end or not, it is closed afterwards
     * @return where it is now, for {@link ReceivedMail.Attachment#path()}; null if it was not kept
     * @throws IOException if it cannot be stored; reading ends with a {@link MailFailure}, unless {@code content} was
     *     what failed
     * @throws InterruptedException if the build was stopped
     */
    @CheckForNull
    String save(@NonNull MailId mailId, @NonNull String name, @NonNull InputStream content)
            throws IOException, InterruptedException;
}
