package io.jenkins.plugins.oauthmail.mail.compose;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import jakarta.activation.DataSource;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** An attachment as Jakarta Mail expects it; opened only when the message is written. */
public final class AttachmentSource implements DataSource {

    private final OutgoingMail.Attachment attachment;
    private final String name;
    private final String type;

    @CheckForNull
    private final String contentId;

    /**
     * @param name its file name as it may be sent
     * @param contentId by which the HTML refers to it, without angle brackets; null if it does not
     */
    AttachmentSource(OutgoingMail.Attachment attachment, String name, String type, @CheckForNull String contentId) {
        this.attachment = attachment;
        this.name = name;
        this.type = type;
        this.contentId = contentId;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        try {
            return new Guarded(attachment.content().open());
        } catch (IOException | InterruptedException e) {
            // Jakarta Mail only lets an IOException through; MailSender unwraps the interruption.
            throw new BrokenAttachment(attachment.name(), e);
        }
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        throw new IOException("an attachment is only read");
    }

    @Override
    public String getContentType() {
        return type;
    }

    @Override
    public String getName() {
        return name;
    }

    /** By which the HTML refers to it, without angle brackets; null if it is not shown in the text. */
    @CheckForNull
    public String contentId() {
        return contentId;
    }

    /** The exact size in bytes. */
    public long size() {
        return attachment.size();
    }

    /**
     * Distinguishes failures of the content from failures of the connection it is copied to, and insists on the
     * announced number of bytes, because limits were checked and the server was informed with that number.
     */
    private final class Guarded extends FilterInputStream {

        private long left = attachment.size();

        Guarded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            int count = read(one, 0, 1);
            return count < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            try {
                int count = in.read(b, off, len);
                left -= Math.max(0, count);
                if (left < 0 || (count < 0 && left > 0)) {
                    throw new IOException(Messages.AttachmentSource_size(attachment.size()));
                }
                return count;
            } catch (IOException e) {
                throw new BrokenAttachment(attachment.name(), e);
            }
        }

        @Override
        public long skip(long n) throws IOException {
            return 0;
        }
    }
}
