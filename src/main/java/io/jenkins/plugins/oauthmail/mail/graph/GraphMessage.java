package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.received.MailAssembler;
import io.jenkins.plugins.oauthmail.mail.received.ReceivedHeaders;
import jakarta.mail.Flags;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A message as Microsoft Graph lists it.
 *
 * @param received null if the server does not say
 * @param folder the id of its folder; null if it was not asked for
 * @param headers the header, or what the server has made of it
 * @param complete whether it is the header; messages that were not received by mail, such as those in Sent Items, have
 *     none
 */
record GraphMessage(
        @NonNull String id,
        @CheckForNull Instant received,
        @NonNull Flags flags,
        @CheckForNull String folder,
        @NonNull ReceivedHeaders headers,
        boolean complete) {

    /** The properties of a message that are needed. */
    static final String SELECT = "id,receivedDateTime,isRead,isDraft,flag,parentFolderId,internetMessageId,subject,"
            + "from,toRecipients,ccRecipients,replyTo,internetMessageHeaders";

    private static final Pattern NAME = Pattern.compile("[!-9;-~]+");
    private static final Pattern LINE_BREAK = Pattern.compile("[\\r\\n\\x00]+[ \\t]*");

    @NonNull
    static GraphMessage of(@NonNull String id, @NonNull Map<String, Object> json) {
        List<Map<String, Object>> headers = Json.objects(json, "internetMessageHeaders");
        boolean complete = headers != null && !headers.isEmpty();
        byte[] block = complete ? header(headers) : summary(json);
        return new GraphMessage(
                id,
                time(Json.string(json, "receivedDateTime")),
                flags(json),
                Json.string(json, "parentFolderId"),
                new ReceivedHeaders(block, Integer.MAX_VALUE),
                complete);
    }

    /** The time of a property; null if there is none. */
    @CheckForNull
    static Instant time(@CheckForNull String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    boolean isSeen() {
        return flags.contains(Flags.Flag.SEEN);
    }

    @NonNull
    MailAssembler.About about(@NonNull String mailbox) throws MailFailure {
        return new MailAssembler.About(GraphId.mailId(mailbox, id), flags, received);
    }

    private static Flags flags(Map<String, Object> json) {
        Flags flags = new Flags();
        if (Boolean.TRUE.equals(json.get("isRead"))) {
            flags.add(Flags.Flag.SEEN);
        }
        if (Boolean.TRUE.equals(json.get("isDraft"))) {
            flags.add(Flags.Flag.DRAFT);
        }
        if ("flagged".equals(Json.string(Json.member(json, "flag"), "flagStatus"))) {
            flags.add(Flags.Flag.FLAGGED);
        }
        return flags;
    }

    private static byte[] header(List<Map<String, Object>> headers) {
        Block block = new Block();
        for (Map<String, Object> header : headers) {
            String name = Json.string(header, "name");
            if (name != null && NAME.matcher(name).matches()) {
                block.field(name, Json.string(header, "value"));
            }
        }
        return block.bytes();
    }

    private static byte[] summary(Map<String, Object> json) {
        Block block = new Block();
        block.field("Message-ID", Json.string(json, "internetMessageId"));
        block.field("Subject", Json.string(json, "subject"));
        Map<String, Object> from = Json.member(json, "from");
        block.people("From", from == null ? List.of() : List.of(from));
        block.people("To", Json.objects(json, "toRecipients"));
        block.people("Cc", Json.objects(json, "ccRecipients"));
        block.people("Reply-To", Json.objects(json, "replyTo"));
        return block.bytes();
    }

    /** Header lines in UTF-8 (RFC 6532). */
    private static final class Block {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        void field(String name, @CheckForNull String value) {
            if (value != null) {
                String line = name + ": " + LINE_BREAK.matcher(value).replaceAll(" ") + "\r\n";
                bytes.writeBytes(line.getBytes(StandardCharsets.UTF_8));
            }
        }

        void people(String name, @CheckForNull List<Map<String, Object>> people) {
            if (people == null || people.isEmpty()) {
                return;
            }
            StringBuilder value = new StringBuilder();
            for (Map<String, Object> person : people) {
                Map<String, Object> address = Json.member(person, "emailAddress");
                String called = Json.string(address, "name");
                value.append(value.isEmpty() ? "" : ", ")
                        .append('"')
                        .append(called == null ? "" : called.replaceAll("([\\\\\"])", "\\\\$1"))
                        .append("\" <")
                        .append(Json.string(address, "address"))
                        .append('>');
            }
            field(name, value.toString());
        }

        byte[] bytes() {
            bytes.writeBytes(new byte[] {'\r', '\n'});
            return bytes.toByteArray();
        }
    }
}
