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
 * A message to be sent. Each address is one RFC 5322 mailbox, {@code a@b.example} or {@code Name <a@b.example>} (see
 * {@link Addresses#parse}). Nothing is checked here: {@code MailSender.send} refuses what must not be sent, such as
 * line breaks in header values.
 *
 * @param from the sender, for header and envelope
 * @param to recipients in the To header
 * @param cc recipients in the Cc header
 * @param bcc recipients that appear in no header
 * @param replyTo addresses for replies; empty for the sender's
 * @param subject any characters except line breaks; null counts as empty
 * @param text plain text body, or null
 * @param html HTML body, or null; sent with the plain text as its alternative, which is generated from the HTML if it
 *     is null
 * @param attachments in this order
 * @param headers more header fields by name, such as {@code In-Reply-To}; those that follow from other components are
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

    /** Null lists and maps count as empty. */
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

    /** @return a builder for a message that has no recipients, subject or body yet */
    @NonNull
    public static Builder from(@NonNull String sender) {
        return new Builder(sender);
    }

    /** Builds a message. Components that are not set are empty. */
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
     * A file to attach.
     *
     * @param name file name without folders
     * @param size exact size in bytes; if the content turns out to have another size, the message is not sent
     * @param content opens the content
     */
    public record Attachment(
            @NonNull String name, long size, @NonNull Content content) {
        public Attachment {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(content, "content");
        }
    }

    /** The content of an attachment. */
    @FunctionalInterface
    public interface Content {
        /**
         * Opens the content. Called for each attempt to send, and perhaps before to check the message; each stream is
         * read once and closed. It is read while one of the mailbox's few connections is in use, so it must not depend
         * on another machine.
         *
         * @throws IOException if the content cannot be read; nothing is sent then
         * @throws InterruptedException if the build was stopped; nothing is sent then
         */
        @NonNull
        InputStream open() throws IOException, InterruptedException;
    }
}
