package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.compose.BrokenAttachment;
import io.jenkins.plugins.oauthmail.mail.compose.MimeComposer;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.InternetHeaders;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A message in the form in which Microsoft Graph accepts it. There is no envelope: the recipients are those of To, Cc
 * and Bcc, and the server removes Bcc. Only the message is kept, which opens its attachments when it is written: many
 * may wait until they can be sent.
 */
final class SubmittedMime {
    private final MimeComposer.Composed mail;
    private final int most;
    private final int size;

    /**
     * Checks the whole message, but keeps nothing of what it reads for that.
     *
     * @param most the maximum size in bytes
     * @throws MailFailure if it is larger, an attachment cannot be read, or To or Cc name somebody who is not a
     *     recipient, as the server would send it to them
     */
    SubmittedMime(@NonNull MimeComposer.Composed mail, int most) throws MailFailure, InterruptedException {
        this.mail = mail;
        this.most = most;
        this.size = writeTo(OutputStream.nullOutputStream());
    }

    /** The size in bytes, before base64. */
    int size() {
        return size;
    }

    @NonNull
    String messageId() {
        return mail.message().id();
    }

    @NonNull
    List<String> recipients() {
        return mail.envelope().recipients();
    }

    /** The message in base64: the same each time, and each time made anew. */
    @NonNull
    byte[] base64() throws MailFailure, InterruptedException {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream(4 * (size / 3 + 1));
        try (OutputStream out = Base64.getEncoder().wrap(encoded)) {
            writeTo(out);
        } catch (IOException e) {
            throw failed(e);
        }
        return encoded.toByteArray();
    }

    /** Writes the message with its envelope in it. @return the number of bytes */
    private int writeTo(OutputStream target) throws MailFailure, InterruptedException {
        Addressing out = new Addressing(target);
        try {
            mail.message().writeTo(out);
            out.finish();
            return out.written;
        } catch (BrokenAttachment e) {
            throw e.failure();
        } catch (NotAllowed e) {
            throw e.failure;
        } catch (IOException | MessagingException e) {
            throw failed(e);
        }
    }

    private static MailFailure failed(Exception why) {
        return new MailFailure(Layer.MESSAGE, Messages.SubmittedMime_failed(QuotedText.clean(why.getMessage())), why);
    }

    /** A failure that passes through the library that writes the message. */
    private static final class NotAllowed extends IOException {
        private static final long serialVersionUID = 1L;

        private final MailFailure failure;

        NotAllowed(MailFailure failure) {
            super(failure);
            this.failure = failure;
        }
    }

    /** Replaces the header of the message, which it collects first, and passes on the rest. */
    private final class Addressing extends OutputStream {
        private final OutputStream target;
        /** What came so far of the header; null when it has been passed on. */
        private ByteArrayOutputStream header = new ByteArrayOutputStream();
        /** Whether the current line of the header is empty so far. */
        private boolean emptyLine = true;

        private int read;
        private int written;

        Addressing(OutputStream target) {
            this.target = target;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(@NonNull byte[] b, int off, int len) throws IOException {
            if (len > most - read) {
                throw new NotAllowed(new MailFailure(Layer.MESSAGE, Messages.SubmittedMime_tooLarge(most / 1_000_000)));
            }
            read += len;
            int next = off;
            while (header != null && next < off + len) {
                byte one = b[next++];
                header.write(one);
                if (one == '\n' && emptyLine) {
                    finish();
                }
                emptyLine = one == '\n' || emptyLine && one == '\r';
            }
            pass(b, next, off + len - next);
        }

        /** Ends the header, unless it has ended before. */
        void finish() throws IOException {
            if (header == null) {
                return;
            }
            // The parser decides where it really ends, which may be earlier.
            ByteArrayInputStream in = new ByteArrayInputStream(header.toByteArray());
            header = null;
            pass(addressed(in));
            pass(in.readAllBytes());
        }

        private void pass(byte[] bytes) throws IOException {
            pass(bytes, 0, bytes.length);
        }

        private void pass(byte[] b, int off, int len) throws IOException {
            target.write(b, off, len);
            written += len;
        }
    }

    private byte[] addressed(ByteArrayInputStream in) throws IOException {
        try {
            return addressed(new InternetHeaders(in));
        } catch (MailFailure e) {
            throw new NotAllowed(e);
        } catch (MessagingException e) {
            throw new NotAllowed(failed(e));
        }
    }

    private byte[] addressed(InternetHeaders headers) throws MailFailure {
        Set<String> named = named(headers);
        Set<String> wanted = new TreeSet<>();
        List<String> hidden = new ArrayList<>();
        for (String recipient : recipients()) {
            wanted.add(CaseFolding.asciiLower(recipient));
            if (!named.contains(CaseFolding.asciiLower(recipient))) {
                hidden.add(recipient);
            }
        }
        named.removeAll(wanted);
        if (!named.isEmpty()) {
            throw new MailFailure(
                    Layer.MESSAGE, Messages.SubmittedMime_others(QuotedText.clean(String.join(", ", named))));
        }
        headers.removeHeader("Bcc");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String line : Collections.list(headers.getAllHeaderLines())) {
            // As it was read: one character for each byte.
            out.writeBytes((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }
        if (!hidden.isEmpty()) {
            out.writeBytes(("Bcc: " + String.join(",\r\n ", hidden) + "\r\n").getBytes(StandardCharsets.UTF_8));
        }
        out.writeBytes(new byte[] {'\r', '\n'});
        return out.toByteArray();
    }

    private static Set<String> named(InternetHeaders headers) throws MailFailure {
        Set<String> named = new TreeSet<>();
        for (String field : List.of("To", "Cc")) {
            String value = headers.getHeader(field, ",");
            try {
                add(InternetAddress.parseHeader(value == null ? "" : value, false), named);
            } catch (AddressException e) {
                throw failed(e);
            }
        }
        return named;
    }

    private static void add(InternetAddress[] addresses, Set<String> named) throws AddressException {
        for (InternetAddress address : addresses) {
            if (address.isGroup()) {
                // Its members get the message like everybody else.
                add(address.getGroup(false), named);
            } else {
                named.add(CaseFolding.asciiLower(address.getAddress()));
            }
        }
    }
}
