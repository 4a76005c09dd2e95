package io.jenkins.plugins.oauthmail.mail.graph;

import com.azure.json.JsonReader;
import com.azure.json.JsonToken;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.received.ReceivedHeaders;
import jakarta.mail.Flags;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses messages as Microsoft Graph lists them. Each header field and each recipient is an object, of which strangers can
 * send some ten thousand with each message. As maps, they would take much memory, so they become bytes at once, and only
 * those that are wanted.
 */
final class MessageParser {
    private final WantedFields fields;

    MessageParser(@NonNull WantedFields fields) {
        this.fields = fields;
    }

    /** @throws IOException if it is no page; a {@link Json.Missing} if something is missing in it */
    @NonNull
    GraphPage page(@NonNull JsonReader reader) throws IOException {
        List<GraphMessage> messages = null;
        String next = null;
        while (reader.nextToken() != JsonToken.END_OBJECT) {
            String member = reader.getFieldName();
            reader.nextToken();
            switch (member) {
                case "value" -> messages = messages(reader);
                case "@odata.nextLink" -> next = Json.string(reader);
                default -> reader.skipChildren();
            }
        }
        if (messages == null) {
            throw new Json.Missing("value");
        }
        return new GraphPage(messages, next);
    }

    @CheckForNull
    private List<GraphMessage> messages(JsonReader reader) throws IOException {
        if (reader.currentToken() != JsonToken.START_ARRAY) {
            reader.skipChildren();
            return null;
        }
        List<GraphMessage> messages = new ArrayList<>();
        while (reader.nextToken() != JsonToken.END_ARRAY) {
            if (reader.currentToken() != JsonToken.START_OBJECT) {
                throw new Json.Missing("value");
            }
            messages.add(message(reader));
        }
        return messages;
    }

    /** @throws IOException as {@link #page} */
    @NonNull
    GraphMessage message(@NonNull JsonReader reader) throws IOException {
        String id = null;
        Instant received = null;
        Flags flags = new Flags();
        String folder = null;
        HeaderBlock header = null;
        // What the server has made of the header.
        Map<String, String> summary = new LinkedHashMap<>();
        while (reader.nextToken() != JsonToken.END_OBJECT) {
            String member = reader.getFieldName();
            reader.nextToken();
            switch (member) {
                case "id" -> id = Json.string(reader);
                case "receivedDateTime" -> received = GraphMessage.time(Json.string(reader));
                case "isRead" -> add(flags, Flags.Flag.SEEN, Json.isTrue(reader));
                case "isDraft" -> add(flags, Flags.Flag.DRAFT, Json.isTrue(reader));
                case "flag" -> add(flags, Flags.Flag.FLAGGED, isFlagged(reader));
                case "parentFolderId" -> folder = Json.string(reader);
                case "internetMessageId" -> summary.put("Message-ID", Json.string(reader));
                case "subject" -> summary.put("Subject", Json.string(reader));
                case "from" -> summary.put("From", people(reader));
                case "toRecipients" -> summary.put("To", people(reader));
                case "ccRecipients" -> summary.put("Cc", people(reader));
                case "replyTo" -> summary.put("Reply-To", people(reader));
                case "internetMessageHeaders" -> header = header(reader);
                default -> reader.skipChildren();
            }
        }
        if (id == null) {
            throw new Json.Missing("id");
        }
        ReceivedHeaders headers = null;
        if (header != null) {
            headers = header.headers();
        } else if (!summary.isEmpty()) {
            HeaderBlock block = new HeaderBlock();
            summary.forEach(block::field);
            headers = block.headers();
        }
        return new GraphMessage(id, received, flags, folder, headers, header != null);
    }

    private static void add(Flags flags, Flags.Flag flag, boolean set) {
        if (set) {
            flags.add(flag);
        }
    }

    private static boolean isFlagged(JsonReader reader) throws IOException {
        boolean flagged = false;
        if (reader.currentToken() != JsonToken.START_OBJECT) {
            reader.skipChildren();
            return false;
        }
        while (reader.nextToken() != JsonToken.END_OBJECT) {
            boolean status = reader.getFieldName().equals("flagStatus");
            reader.nextToken();
            String value = Json.string(reader);
            flagged |= status && "flagged".equals(value);
        }
        return flagged;
    }

    /** Returns null if there are none. */
    @CheckForNull
    private HeaderBlock header(JsonReader reader) throws IOException {
        HeaderBlock block = null;
        if (reader.currentToken() != JsonToken.START_ARRAY) {
            reader.skipChildren();
            return null;
        }
        while (reader.nextToken() != JsonToken.END_ARRAY) {
            block = block == null ? new HeaderBlock() : block;
            Pair field = pair(reader, "name", "value");
            String name = field.first();
            if (name != null && fields.contains(name)) {
                block.field(name, field.second());
            }
        }
        return block;
    }

    /** Two texts in an object; null for those that are missing. */
    private record Pair(
            @CheckForNull String first, @CheckForNull String second) {}

    private static Pair pair(JsonReader reader, String first, String second) throws IOException {
        String one = null;
        String two = null;
        if (reader.currentToken() != JsonToken.START_OBJECT) {
            reader.skipChildren();
            return new Pair(null, null);
        }
        while (reader.nextToken() != JsonToken.END_OBJECT) {
            String member = reader.getFieldName();
            reader.nextToken();
            String value = Json.string(reader);
            one = member.equals(first) ? value : one;
            two = member.equals(second) ? value : two;
        }
        return new Pair(one, two);
    }

    /** The value of a field that names a person, or the people in an array. */
    private static String people(JsonReader reader) throws IOException {
        StringBuilder people = new StringBuilder();
        if (reader.currentToken() == JsonToken.START_ARRAY) {
            while (reader.nextToken() != JsonToken.END_ARRAY) {
                person(reader, people);
            }
        } else {
            person(reader, people);
        }
        return people.isEmpty() ? null : people.toString();
    }

    private static void person(JsonReader reader, StringBuilder people) throws IOException {
        if (reader.currentToken() != JsonToken.START_OBJECT) {
            reader.skipChildren();
            return;
        }
        while (reader.nextToken() != JsonToken.END_OBJECT) {
            boolean address = reader.getFieldName().equals("emailAddress");
            reader.nextToken();
            if (!address) {
                reader.skipChildren();
                continue;
            }
            Pair person = pair(reader, "name", "address");
            // What follows would be cut from the header.
            if (people.length() <= ReceivedHeaders.MAX_BYTES) {
                String name = person.first();
                people.append(people.isEmpty() ? "\"" : ", \"")
                        .append(name == null ? "" : name.replaceAll("([\\\\\"])", "\\\\$1"))
                        .append("\" <")
                        .append(person.second())
                        .append('>');
            }
        }
    }
}
