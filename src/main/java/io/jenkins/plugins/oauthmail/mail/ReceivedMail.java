package io.jenkins.plugins.oauthmail.mail;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A mail as it was read. Everything in it was written by strangers: escape it before showing it anywhere.
 *
 * @param id {@code UIDVALIDITY:UID} of the folder it was read from (RFC 3501), the same for as long as it stays there
 * @param messageId {@code Message-ID} with angle brackets, or null
 * @param inReplyTo the first id in {@code In-Reply-To}, or null
 * @param references ids in {@code References}, oldest first
 * @param from authors, usually one
 * @param to shown recipients
 * @param cc shown recipients of a copy
 * @param replyTo where answers should go; empty if the header is missing
 * @param subject decoded, one line; empty if there is none
 * @param sent the {@code Date} header, or null if it is missing or makes no sense
 * @param received when the server got it
 * @param text plain text body with {@code \n} between lines, or null; cut after 1 MiB, which the last line then says
 * @param html HTML body, likewise
 * @param flags IMAP flags, {@code \Seen} and the like, then keywords
 * @param attachments in the order of the mail, the first 1000 at most
 * @param attachmentsLeftOut how many more the mail has, which are neither listed nor saved
 */
public record ReceivedMail(
        @NonNull String id,
        @CheckForNull String messageId,
        @CheckForNull String inReplyTo,
        @NonNull List<String> references,
        @NonNull List<Address> from,
        @NonNull List<Address> to,
        @NonNull List<Address> cc,
        @NonNull List<Address> replyTo,
        @NonNull String subject,
        @CheckForNull Instant sent,
        @CheckForNull Instant received,
        @CheckForNull String text,
        @CheckForNull String html,
        @NonNull List<String> flags,
        @NonNull List<Attachment> attachments,
        long attachmentsLeftOut) {

    public ReceivedMail {
        references = List.copyOf(references);
        from = List.copyOf(from);
        to = List.copyOf(to);
        cc = List.copyOf(cc);
        replyTo = List.copyOf(replyTo);
        flags = List.copyOf(flags);
        attachments = List.copyOf(attachments);
    }

    /**
     * The same as values that can be serialized anywhere and need no script approval.
     *
     * @return maps, lists, strings and longs only, keys named like the components, moments as ISO-8601 strings in UTC;
     *     mutable and not connected to this record
     */
    @NonNull
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", id);
        map.put("messageId", messageId);
        map.put("inReplyTo", inReplyTo);
        map.put("references", new ArrayList<>(references));
        map.put("from", addresses(from));
        map.put("to", addresses(to));
        map.put("cc", addresses(cc));
        map.put("replyTo", addresses(replyTo));
        map.put("subject", subject);
        map.put("sent", sent == null ? null : sent.toString());
        map.put("received", received == null ? null : received.toString());
        map.put("text", text);
        map.put("html", html);
        map.put("flags", new ArrayList<>(flags));
        List<Object> files = new ArrayList<>();
        for (Attachment attachment : attachments) {
            files.add(attachment.toMap());
        }
        map.put("attachments", files);
        map.put("attachmentsLeftOut", attachmentsLeftOut);
        return map;
    }

    private static List<Object> addresses(List<Address> addresses) {
        List<Object> list = new ArrayList<>();
        for (Address address : addresses) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("name", address.name());
            map.put("address", address.address());
            list.add(map);
        }
        return list;
    }

    /**
     * Somebody in a header.
     *
     * @param name decoded display name, or null
     * @param address as written, which need not be a valid address
     */
    public record Address(
            @CheckForNull String name, @NonNull String address) {}

    /**
     * A part that is not the body.
     *
     * @param name the safe file name that {@link AttachmentSink#save} was given
     * @param type MIME type in lower case, without parameters; the sender's word only
     * @param size octets: counted if the attachment was saved, else estimated from what the server says
     * @param path what {@link AttachmentSink#save} answered; null if it was not saved,
     *     also if the server does not hand it out
     */
    public record Attachment(
            @NonNull String name,
            @NonNull String type,
            long size,
            @CheckForNull String path) {

        private Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("name", name);
            map.put("type", type);
            map.put("size", size);
            map.put("path", path);
            return map;
        }
    }
}
