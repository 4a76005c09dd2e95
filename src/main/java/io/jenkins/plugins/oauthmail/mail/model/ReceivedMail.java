package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A mail as it was read. Everything in it was written by strangers: escape it before showing it anywhere.
 *
 * @param id names it in the folder it was read from
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
 * @param replyText what is new in the body of an answer, without quoted history and signature; made by rules of thumb,
 *     from the HTML if there is no plain text; null if there is no body
 * @param flags IMAP flags, {@code \Seen} and the like, then keywords
 * @param headers the header fields that the query names, decoded, topmost first, under the names that it gives them
 * @param automatic whether no person wrote it, as its header tells: absence notes, bounces, receipts, newsletters
 * @param authentication whether the receiving server vouches for the address in From
 * @param attachments in the order of the mail, the first 1000 at most
 * @param attachmentsLeftOut how many more the mail has, which are neither listed nor saved
 * @param problems a sentence for each thing that the mail has on the server and that is missing here: the rest of a body
 *     that was cut, attachments that could not be had or were left out. As long as there is one, the mail should not be
 *     removed
 */
public record ReceivedMail(
        @NonNull MailId id,
        @CheckForNull String messageId,
        @CheckForNull String inReplyTo,
        @NonNull List<String> references,
        @NonNull List<MailAddress> from,
        @NonNull List<MailAddress> to,
        @NonNull List<MailAddress> cc,
        @NonNull List<MailAddress> replyTo,
        @NonNull String subject,
        @CheckForNull Instant sent,
        @CheckForNull Instant received,
        @CheckForNull String text,
        @CheckForNull String html,
        @CheckForNull String replyText,
        @NonNull List<String> flags,
        @NonNull Map<String, List<String>> headers,
        boolean automatic,
        @NonNull Authentication authentication,
        @NonNull List<Attachment> attachments,
        long attachmentsLeftOut,
        @NonNull List<String> problems) {

    public ReceivedMail {
        references = List.copyOf(references);
        from = List.copyOf(from);
        to = List.copyOf(to);
        cc = List.copyOf(cc);
        replyTo = List.copyOf(replyTo);
        flags = List.copyOf(flags);
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        attachments = List.copyOf(attachments);
        problems = List.copyOf(problems);
    }

    /**
     * The same as values that can be serialized anywhere and need no script approval.
     *
     * @return maps, lists, strings, longs and booleans only, keys named like the components, moments as ISO-8601 strings in UTC;
     *     mutable and not connected to this record
     */
    @NonNull
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", id.value());
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
        map.put("replyText", replyText);
        map.put("flags", new ArrayList<>(flags));
        Map<String, Object> fields = new LinkedHashMap<>();
        headers.forEach((name, values) -> fields.put(name, new ArrayList<>(values)));
        map.put("headers", fields);
        map.put("automatic", automatic);
        map.put("authentication", authentication.toMap());
        List<Object> files = new ArrayList<>();
        for (Attachment attachment : attachments) {
            files.add(attachment.toMap());
        }
        map.put("attachments", files);
        map.put("attachmentsLeftOut", attachmentsLeftOut);
        map.put("problems", new ArrayList<>(problems));
        return map;
    }

    private static List<Object> addresses(List<MailAddress> addresses) {
        List<Object> list = new ArrayList<>();
        for (MailAddress address : addresses) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("name", address.name());
            map.put("address", address.address());
            list.add(map);
        }
        return list;
    }

    /**
     * What the receiving server found out about the address in From, as the account's rule reads it.
     *
     * @param result {@code pass} if it vouches for the address, {@code fail} if it does not, {@code none} if it says
     *     nothing that could be believed
     * @param reason for people
     */
    public record Authentication(
            @NonNull String result, @NonNull String reason) {

        public static Authentication pass(String reason) {
            return new Authentication("pass", reason);
        }

        public static Authentication fail(String reason) {
            return new Authentication("fail", reason);
        }

        public static Authentication none(String reason) {
            return new Authentication("none", reason);
        }

        /** Whether the server vouches for the address. */
        public boolean passed() {
            return result.equals("pass");
        }

        private Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("result", result);
            map.put("reason", reason);
            return map;
        }
    }

    /**
     * A part that is not the body.
     *
     * @param name the safe file name that {@link AttachmentSink#save} was given
     * @param type MIME type in lower case, without parameters; the sender's word only
     * @param size octets: counted if the attachment was saved, else estimated from what the server says
     * @param path what {@link AttachmentSink#save} answered; null if it was not saved,
     *     also if the server does not hand it out
     * @param problem why it was not saved though it should have been, or what is wrong with what was saved; null
     *     otherwise
     */
    public record Attachment(
            @NonNull String name,
            @NonNull String type,
            long size,
            @CheckForNull String path,
            @CheckForNull String problem) {

        private Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("name", name);
            map.put("type", type);
            map.put("size", size);
            map.put("path", path);
            map.put("problem", problem);
            return map;
        }
    }
}
