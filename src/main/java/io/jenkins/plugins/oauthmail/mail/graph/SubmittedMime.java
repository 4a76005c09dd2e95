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
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A message in the form in which Microsoft Graph accepts it. There is no envelope: the recipients are those of To, Cc
 * and Bcc, and the server removes Bcc.
 */
final class SubmittedMime {

    private SubmittedMime() {}

    /** The message is larger than allowed. */
    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * The message with its envelope written into it.
     *
     * @param most the maximum size in bytes
     * @throws TooLarge if it is larger
     * @throws BrokenAttachment if an attachment cannot be read
     * @throws MailFailure if To or Cc name somebody who is not a recipient, as the server would send it to them
     */
    @NonNull
    static byte[] of(@NonNull MimeComposer.Composed mail, int most) throws MailFailure, TooLarge, BrokenAttachment {
        Bounded content = new Bounded(most);
        try {
            mail.message().writeTo(content);
            return addressed(content.bytes(), mail.envelope().recipients());
        } catch (TooLarge | BrokenAttachment e) {
            throw e;
        } catch (IOException | MessagingException e) {
            throw new MailFailure(Layer.MESSAGE, Messages.SubmittedMime_failed(QuotedText.clean(e.getMessage())), e);
        }
    }

    private static byte[] addressed(byte[] content, List<String> recipients)
            throws MailFailure, IOException, MessagingException {
        ByteArrayInputStream in = new ByteArrayInputStream(content);
        InternetHeaders headers = new InternetHeaders(in);
        Set<String> named = named(headers);
        Set<String> wanted = new TreeSet<>();
        List<String> hidden = new ArrayList<>();
        for (String recipient : recipients) {
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
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 1024);
        for (String line : Collections.list(headers.getAllHeaderLines())) {
            // As it was read: one character for each byte.
            out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }
        if (!hidden.isEmpty()) {
            out.write(("Bcc: " + String.join(",\r\n ", hidden) + "\r\n").getBytes(StandardCharsets.UTF_8));
        }
        out.write(new byte[] {'\r', '\n'});
        in.transferTo(out);
        return out.toByteArray();
    }

    private static Set<String> named(InternetHeaders headers) throws MailFailure {
        Set<String> named = new TreeSet<>();
        for (String field : List.of("To", "Cc")) {
            String value = headers.getHeader(field, ",");
            try {
                add(InternetAddress.parseHeader(value == null ? "" : value, false), named);
            } catch (AddressException e) {
                throw new MailFailure(
                        Layer.MESSAGE, Messages.SubmittedMime_failed(QuotedText.clean(e.getMessage())), e);
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

    private static final class Bounded extends OutputStream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final int most;

        Bounded(int most) {
            this.most = most;
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] b, int off, int len) throws IOException {
            if (bytes.size() + len > most) {
                throw new TooLarge();
            }
            bytes.write(b, off, len);
        }
    }
}
