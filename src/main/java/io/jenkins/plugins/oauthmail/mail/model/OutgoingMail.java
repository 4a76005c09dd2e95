package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A mail to be sent. Addresses are RFC 5322 mailboxes, {@code a@b.example} or {@code Name <a@b.example>}, one an entry
 * (see {@link Addresses#parse}). Nothing is checked here: {@code MailSender.send} refuses what cannot be sent, line
 * breaks in header values above all.
 *
 * @param from the sender, header and envelope
 * @param to shown recipients
 * @param cc shown recipients of a copy
 * @param bcc recipients that appear in no header
 * @param replyTo where answers should go; empty for the sender
 * @param subject any characters but line breaks; null is taken as empty
 * @param text plain text body, or null
 * @param html HTML body, or null; the text is the alternative, and is made of the HTML if there is none
 * @param attachments in this order
 * @param headers more headers by name, such as {@code In-Reply-To}; those that follow from the other components are
 *     refused
 */
public record OutgoingMail(
        @NonNull String from,
        @NonNull List<String> to,
        @NonNull List<String> cc,
        @NonNull List<String> bcc,
        @NonNull List<String> replyTo,
        @NonNull String subject,
        @CheckForNull String text,
        @CheckForNull String html,
        @NonNull List<Attachment> attachments,
        @NonNull Map<String, String> headers) {

    /** Null lists and maps are taken as empty ones. */
    public OutgoingMail {
        Objects.requireNonNull(from, "from");
        to = copy(to);
        cc = copy(cc);
        bcc = copy(bcc);
        replyTo = copy(replyTo);
        subject = Objects.requireNonNullElse(subject, "");
        attachments = copy(attachments);
        headers = headers == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** @return a builder for a mail without a subject, recipients or a body yet */
    @NonNull
    public static Builder from(@NonNull String sender) {
        return new Builder(sender);
    }

    /** Takes one component after the other; what is not said is empty. */
    public static final class Builder {
        private final String from;
        private List<String> to = List.of();
        private List<String> cc = List.of();
        private List<String> bcc = List.of();
        private List<String> replyTo = List.of();
        private String subject = "";
        private String text;
        private String html;
        private List<Attachment> attachments = List.of();
        private Map<String, String> headers = Map.of();

        private Builder(String from) {
            this.from = from;
        }

        @NonNull
        public Builder to(@NonNull List<String> recipients) {
            to = recipients;
            return this;
        }

        @NonNull
        public Builder cc(@NonNull List<String> recipients) {
            cc = recipients;
            return this;
        }

        @NonNull
        public Builder bcc(@NonNull List<String> recipients) {
            bcc = recipients;
            return this;
        }

        @NonNull
        public Builder replyTo(@NonNull List<String> addresses) {
            replyTo = addresses;
            return this;
        }

        @NonNull
        public Builder subject(@CheckForNull String words) {
            subject = words;
            return this;
        }

        @NonNull
        public Builder text(@CheckForNull String body) {
            text = body;
            return this;
        }

        @NonNull
        public Builder html(@CheckForNull String body) {
            html = body;
            return this;
        }

        @NonNull
        public Builder attachments(@NonNull List<Attachment> files) {
            attachments = files;
            return this;
        }

        @NonNull
        public Builder headers(@NonNull Map<String, String> more) {
            headers = more;
            return this;
        }

        @NonNull
        public OutgoingMail build() {
            return new OutgoingMail(from, to, cc, bcc, replyTo, subject, text, html, attachments, headers);
        }
    }

    private static <T> List<T> copy(List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    /**
     * A file to send along.
     *
     * @param name file name without folders
     * @param size octets, exactly; if the content turns out to have more or fewer, the mail is not sent
     * @param content where the octets come from
     */
    public record Attachment(
            @NonNull String name, long size, @NonNull Content content) {
        public Attachment {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(content, "content");
        }
    }

    /** The octets of an attachment. */
    @FunctionalInterface
    public interface Content {
        /**
         * Opens the content; called once for each try, the stream is read once and closed, never held in memory. It
         * is read while one of the mailbox's few connections is in use, so it must not wait for another machine.
         *
         * @throws IOException if it cannot be read; then nothing is sent
         * @throws InterruptedException if the build was stopped meanwhile; then nothing is sent
         */
        @NonNull
        InputStream open() throws IOException, InterruptedException;
    }
}
