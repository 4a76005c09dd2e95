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
 * A message as it was read. Everything in it was written by others: escape it before displaying it anywhere.
 *
 * @param id identifies the message in the folder it was read from
 * @param messageId {@code Message-ID} with angle brackets, or null
 * @param inReplyTo the first id in {@code In-Reply-To}, or null
 * @param references the ids in {@code References}, oldest first
 * @param from the authors, usually one
 * @param to recipients in the To header
 * @param cc recipients in the Cc header
 * @param replyTo addresses for replies; empty if the header is missing
 * @param subject decoded, one line; empty if there is none
 * @param sent the {@code Date} header; null if it is missing or invalid
 * @param received when the server received it; null if the server does not say
 * @param text plain text body with {@code \n} between lines, or null; truncated after 1 MiB, with a last line that says
 *     so
 * @param html HTML body, or null; truncated in the same way
 * @param replyText the new text of a reply, without quoted history and signature, found by heuristics; taken from the
 *     HTML if there is no plain text; null if there is no body
 * @param flags IMAP flags such as {@code \Seen}, then keywords
 * @param headers the header fields that the query asks for, decoded, topmost first, under the names that the query uses
 * @param automatic whether its header says that no person wrote it: absence notices, bounces, receipts, newsletters
 * @param authentication whether the receiving server vouches for the address in From
 * @param attachments in the order of the message, the first 1000 at most
 * @param attachmentsLeftOut how many more attachments the message has, which are neither listed nor saved
 * @param problems one sentence for each thing that the message has on the server but that is missing here: the rest of
 *     a truncated body, attachments that could not be fetched or were left out. While there are any, the message should
 *     not be deleted from the server
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
     * Converts this message to values that can be serialized anywhere and need no script approval.
     *
     * @return maps, lists, strings, longs and booleans only; keys are the names of the components, times are ISO-8601
     *     strings in UTC; mutable and independent of this record
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
     * What the receiving server says about the address in From, according to the account's {@link AuthenticationRule}.
     *
     * @param result {@code pass} if the server vouches for the address, {@code fail} if it does not, {@code none} if it
     *     says nothing that can be trusted
     * @param reason a few words for users
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
     * A part of the message that is not its body.
     *
     * @param name the safe file name that was passed to {@link AttachmentSink#save}
     * @param type MIME type in lower case, without parameters, as the sender declares it
     * @param size in bytes: exact if the attachment was saved, otherwise estimated from what the server says
     * @param path what {@link AttachmentSink#save} returned; null if it was not saved, or if the server did not return
     *     it
     * @param problem why it was not saved although it should have been, or what is wrong with the saved file; otherwise
     *     null
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
