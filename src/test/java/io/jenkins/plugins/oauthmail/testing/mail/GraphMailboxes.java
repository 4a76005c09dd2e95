package io.jenkins.plugins.oauthmail.testing.mail;

import com.icegreen.greenmail.imap.commands.IdRange;
import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.store.StoredMessage;
import jakarta.mail.Flags;
import jakarta.mail.Header;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The messages and folders of a {@link GraphFake}. */
final class GraphMailboxes {
    static final String INBOX = "INBOX";
    static final String SENT = "Sent Items";
    static final String DRAFTS = "Drafts";
    static final String DELETED = "Deleted Items";

    private static final Map<String, String> WELL_KNOWN =
            Map.of("inbox", INBOX, "sentitems", SENT, "drafts", DRAFTS, "deleteditems", DELETED, "archive", "Archive");

    /** Whose messages have no header of the Internet. */
    private static final Set<String> WITHOUT_HEADER = Set.of(SENT, DRAFTS);

    private final MailServerFake mails;
    private final GraphDrafts drafts;
    private final GraphChanges changes;
    private final GraphFake fake;
    private final Random random = new Random(7);
    /** Immutable ids by place, and the other way round. */
    private final Map<Place, String> ids = new HashMap<>();

    private final Map<String, Place> places = new HashMap<>();
    private final Map<String, String> names = new ConcurrentHashMap<>();
    private final Set<String> senders = ConcurrentHashMap.newKeySet();

    /** Where a message is. */
    record Place(String user, String folder, long uid) {}

    GraphMailboxes(MailServerFake mails, GraphFake fake) {
        this.mails = mails;
        this.fake = fake;
        this.drafts = new GraphDrafts(this, mails, fake);
        this.changes = new GraphChanges(this, fake);
    }

    GraphDrafts drafts() {
        return drafts;
    }

    GraphChanges changes() {
        return changes;
    }

    void allow(String user, String sender) {
        senders.add(user + " " + sender);
    }

    boolean mayBe(String user, String sender) {
        return user.equalsIgnoreCase(sender) || senders.contains(user + " " + sender);
    }

    int count(String user, String folder) {
        return mails.folder(user, folder).getMessageCount();
    }

    GraphReply serve(String user, GraphRequest request) {
        List<String> levels = request.levels();
        String what = request.method() + " " + String.join("/", levels);
        if (what.equals("POST sendMail")) {
            return drafts.sendMail(user, request);
        }
        if (what.equals("POST messages")) {
            return drafts.create(user, request);
        }
        return switch (levels.get(0)) {
            case "mailFolders" -> folders(user, request, levels);
            case "messages" -> message(user, request, levels);
            default -> throw new GraphReply.Refused(400, "BadRequest", "Resource not found for the segment.");
        };
    }

    private GraphReply folders(String user, GraphRequest request, List<String> levels) {
        if (levels.size() == 1) {
            return folderList(user, request, "");
        }
        String folder = folderOf(user, levels.get(1));
        if (levels.size() == 2) {
            return GraphReply.json(200, folderObject(folder));
        }
        return switch (levels.get(2)) {
            case "childFolders" -> folderList(user, request, folder + ".");
            case "messages" ->
                levels.size() > 3 && levels.get(3).equals("delta")
                        ? changes.list(user, folder, request)
                        : new GraphList(this, fake).page(user, folder, request);
            default -> throw new GraphReply.Refused(400, "BadRequest", "Resource not found for the segment.");
        };
    }

    private GraphReply folderList(String user, GraphRequest request, String prefix) {
        List<Object> found = new ArrayList<>();
        String filter = request.option("$filter");
        for (String name : mails.folderNames(user)) {
            boolean child = name.startsWith(prefix) && name.indexOf('.', prefix.length()) < 0;
            String wanted = filter == null
                    ? null
                    : filter.replaceFirst("^displayName eq '(.*)'$", "$1").replace("''", "'");
            if (child && (wanted == null || wanted.equalsIgnoreCase(displayName(name)))) {
                found.add(folderObject(name));
            }
        }
        return GraphReply.json(200, GraphFake.object("value", found));
    }

    private Map<String, Object> folderObject(String name) {
        return GraphFake.object("id", folderId(name), "displayName", displayName(name));
    }

    /** Has people see a folder under another name, as after it was renamed: its id stays the same. */
    void rename(String folder, String shown) {
        names.put(folder, shown);
    }

    private String displayName(String name) {
        String shown = names.get(name);
        if (shown != null) {
            return shown;
        }
        return name.equals(INBOX) ? "Posteingang" : name.substring(name.lastIndexOf('.') + 1);
    }

    static String folderId(String name) {
        return "AQMk" + Base64.getUrlEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }

    private String folderOf(String user, String id) {
        String known = WELL_KNOWN.get(id.toLowerCase(java.util.Locale.ROOT));
        String name = known != null
                ? known
                : mails.folderNames(user).stream()
                        .filter(folder -> folderId(folder).equals(id))
                        .findFirst()
                        .orElse(null);
        if (name == null || name.equals("Archive") && !mails.folderNames(user).contains(name)) {
            throw new GraphReply.Refused(
                    404, "ErrorItemNotFound", "The specified folder could not be found in the store.");
        }
        return name;
    }

    private GraphReply message(String user, GraphRequest request, List<String> levels) {
        if (levels.size() > 2 && levels.get(2).equals("attachments")) {
            return drafts.attach(user, levels, request);
        }
        Place place = find(user, levels.get(1));
        String what = request.method() + (levels.size() > 2 ? " " + levels.get(2) : "");
        return switch (what) {
            case "GET" -> GraphReply.json(200, object(place, request));
            case "GET $value" -> GraphReply.bytes("text/plain", bytes(stored(place)));
            case "PATCH" -> patch(place, request);
            case "POST move" -> move(place, request);
            case "DELETE" -> {
                to(place, DELETED);
                yield GraphReply.empty(204);
            }
            case "POST send" -> drafts.send(place);
            default -> throw new GraphReply.Refused(405, "Request_BadRequest", "Specified HTTP method is not allowed.");
        };
    }

    private GraphReply patch(Place place, GraphRequest request) {
        for (Map.Entry<String, ?> property : GraphReply.parse(request.body()).entrySet()) {
            if (property.getKey().equals("isRead") && property.getValue() instanceof Boolean seen) {
                stored(place).setFlag(Flags.Flag.SEEN, seen);
            } else {
                throw new GraphReply.Refused(
                        400, "RequestBodyRead", "The property '" + property.getKey() + "' does not exist here.");
            }
        }
        return GraphReply.json(200, object(place, request));
    }

    private GraphReply move(Place place, GraphRequest request) {
        String target = String.valueOf(GraphReply.parse(request.body()).get("destinationId"));
        Place moved = to(place, folderOf(place.user(), target));
        return GraphReply.json(201, object(moved, request));
    }

    synchronized Place to(Place place, String folder) {
        StoredMessage message = stored(place);
        Place moved =
                append(place.user(), folder, message.getMimeMessage(), message.getFlags(), message.getReceivedDate());
        String id = id(place);
        ids.remove(moved);
        remember(moved, id);
        remove(place);
        return moved;
    }

    synchronized void remember(Place place, String id) {
        ids.put(place, id);
        places.put(id, place);
    }

    Place append(String user, String folder, MimeMessage message, Flags flags, Date received) {
        MailFolder target = mails.folder(user, folder);
        try {
            Flags kept = new Flags(flags);
            kept.remove(Flags.Flag.RECENT);
            MimeMessage copy = new MimeMessage(message);
            copy.setFlags(copy.getFlags(), false);
            long uid = target.appendMessage(copy, kept, received);
            mails.changed();
            return new Place(user, folder, uid);
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    void remove(Place place) {
        stored(place).setFlag(Flags.Flag.DELETED, true);
        mails.folder(place.user(), place.folder()).expunge(new IdRange[] {new IdRange(place.uid())});
    }

    StoredMessage stored(Place place) {
        StoredMessage message = mails.folder(place.user(), place.folder()).getMessage(place.uid());
        if (message == null) {
            throw gone();
        }
        return message;
    }

    private static GraphReply.Refused gone() {
        return new GraphReply.Refused(404, "ErrorItemNotFound", "The specified object was not found in the store.");
    }

    /** All messages of a folder, oldest first. */
    List<Place> all(String user, String folder) {
        List<Place> all = new ArrayList<>();
        for (StoredMessage message : mails.folder(user, folder).getMessages()) {
            all.add(new Place(user, folder, message.getUid()));
        }
        return all;
    }

    synchronized String id(Place place) {
        String id = ids.get(place);
        if (id == null) {
            byte[] bytes = new byte[90];
            random.nextBytes(bytes);
            id = "AAkALg" + Base64.getUrlEncoder().encodeToString(bytes) + "==";
            remember(place, id);
        }
        return id;
    }

    /** One that changes when the message is moved. */
    private static String mutableId(Place place) {
        return "AAMk"
                + Base64.getUrlEncoder()
                        .encodeToString((place.folder() + ":" + place.uid()).getBytes(StandardCharsets.UTF_8));
    }

    Place find(String user, String id) {
        Place place;
        synchronized (this) {
            place = places.get(id);
        }
        if (id.startsWith("AAMk")) {
            String[] parts =
                    new String(Base64.getUrlDecoder().decode(id.substring(4)), StandardCharsets.UTF_8).split(":");
            place = new Place(user, parts[0], Long.parseLong(parts[1]));
        }
        if (place == null || !place.user().equals(user)) {
            throw gone();
        }
        stored(place);
        return place;
    }

    Instant received(Place place) {
        return stored(place).getReceivedDate().toInstant().truncatedTo(ChronoUnit.SECONDS);
    }

    boolean seen(Place place) {
        return stored(place).getFlags().contains(Flags.Flag.SEEN);
    }

    /** The message as JSON, with the properties that the request selects. */
    Map<String, Object> object(Place place, GraphRequest request) {
        StoredMessage stored = stored(place);
        Map<String, Object> all = new LinkedHashMap<>();
        try {
            MimeMessage mime = stored.getMimeMessage();
            Flags flags = stored.getFlags();
            all.put("id", request.wantsImmutableIds() ? id(place) : mutableId(place));
            all.put("receivedDateTime", received(place).toString());
            all.put("isRead", flags.contains(Flags.Flag.SEEN));
            all.put("isDraft", flags.contains(Flags.Flag.DRAFT));
            all.put(
                    "flag",
                    GraphFake.object("flagStatus", flags.contains(Flags.Flag.FLAGGED) ? "flagged" : "notFlagged"));
            all.put("parentFolderId", folderId(place.folder()));
            all.put("internetMessageId", mime.getHeader("Message-ID", null));
            all.put("subject", subject(mime));
            List<Object> from = people(mime, "From");
            all.put("from", from.isEmpty() ? null : from.get(0));
            all.put("toRecipients", people(mime, "To"));
            all.put("ccRecipients", people(mime, "Cc"));
            all.put("replyTo", people(mime, "Reply-To"));
            all.put(
                    "sentDateTime",
                    mime.getSentDate() == null
                            ? null
                            : mime.getSentDate().toInstant().toString());
            if (!WITHOUT_HEADER.contains(place.folder())) {
                all.put("internetMessageHeaders", headers(mime));
            }
        } catch (MessagingException | UnsupportedEncodingException e) {
            throw new IllegalStateException(e);
        }
        String select = request.option("$select");
        if (select == null) {
            all.remove("internetMessageHeaders");
        } else {
            all.keySet().retainAll(List.of(select.split(",")));
            // It always is there.
            all.putIfAbsent("id", request.wantsImmutableIds() ? id(place) : mutableId(place));
        }
        return all;
    }

    private static String subject(MimeMessage mime) throws MessagingException, UnsupportedEncodingException {
        String raw = mime.getHeader("Subject", null);
        return raw == null ? "" : MimeUtility.decodeText(MimeUtility.unfold(raw));
    }

    private static List<Object> people(MimeMessage mime, String field) throws MessagingException {
        List<Object> people = new ArrayList<>();
        String value = mime.getHeader(field, ",");
        for (InternetAddress address : InternetAddress.parseHeader(value == null ? "" : value, false)) {
            people.add(GraphFake.object(
                    "emailAddress",
                    GraphFake.object(
                            "name",
                            address.getPersonal() == null ? address.getAddress() : address.getPersonal(),
                            "address",
                            address.getAddress())));
        }
        return people;
    }

    private static List<Object> headers(MimeMessage mime) throws MessagingException {
        List<Object> headers = new ArrayList<>();
        for (Header header : Collections.list(mime.getAllHeaders())) {
            headers.add(GraphFake.object("name", header.getName(), "value", MimeUtility.unfold(header.getValue())));
        }
        return headers;
    }

    static byte[] bytes(StoredMessage message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            message.getMimeMessage().writeTo(bytes);
        } catch (IOException | MessagingException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }
}
