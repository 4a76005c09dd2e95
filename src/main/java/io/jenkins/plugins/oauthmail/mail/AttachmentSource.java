package io.jenkins.plugins.oauthmail.mail;

import jakarta.activation.DataSource;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** An attachment as Jakarta Mail wants it: opened when the message is written, and at no other time. */
final class AttachmentSource implements DataSource {

    private final OutgoingMail.Attachment attachment;
    private final String type;

    AttachmentSource(OutgoingMail.Attachment attachment, String type) {
        this.attachment = attachment;
        this.type = type;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        try {
            return new Guarded(attachment.content().open());
        } catch (IOException | InterruptedException e) {
            // Jakarta Mail lets only an IOException through; MailSender takes the interruption out again.
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
        return attachment.name();
    }

    /** Tells failures of the content from failures of the connection it is copied to. */
    private final class Guarded extends FilterInputStream {

        Guarded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return in.read();
            } catch (IOException e) {
                throw new BrokenAttachment(attachment.name(), e);
            }
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            try {
                return in.read(b, off, len);
            } catch (IOException e) {
                throw new BrokenAttachment(attachment.name(), e);
            }
        }
    }
}
