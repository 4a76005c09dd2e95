package io.jenkins.plugins.oauthmail.mail.graph;

import com.azure.json.JsonReader;
import com.azure.json.ReadValueCallback;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lists messages. For many who read the same folder, it keeps some of what was listed until {@link #refresh}. Used by one
 * thread at a time.
 */
final class GraphSource implements AutoCloseable {
    /** How many single messages are kept. */
    private static final int MAX_MESSAGES = 200;

    /** As many messages as are fetched with IMAP when many begin to wait. */
    private static final int MAX_PAGES = 40;

    /** Bytes of headers that are kept in memory; those of two thousand usual messages have a fifth of it. */
    private static final long MAX_HEADER_BYTES = 16L << 20;

    /** Of a list of messages with their headers, twenty times as much as is usual; what is longer is split up. */
    private static final long MAX_LISTED_BYTES = 16L << 20;

    /** After so many messages that the server does not return, it is found out whether it returns any. */
    private static final int MAX_OUTAGES = 3;

    private final GraphClient client;
    private final GraphFolders folders;
    private final boolean keeps;
    private final Map<Listed, GraphPage> pages = new HashMap<>();
    private final Map<Listed, GraphMessage> messages = new HashMap<>();
    private final Map<String, GraphDelta.Round> rounds = new HashMap<>();
    private final FetchedMails mails;

    /** @param what the URL of a page, or the id of a message */
    private record Listed(String what, WantedFields fields) {}

    /** @param keeps whether anything is kept */
    GraphSource(GraphClient client, GraphFolders folders, boolean keeps) {
        this.client = client;
        this.folders = folders;
        this.keeps = keeps;
        this.mails = new FetchedMails(client, keeps);
    }

    GraphClient client() {
        return client;
    }

    GraphFolders folders() {
        return folders;
    }

    /** Whole messages. */
    FetchedMails mails() {
        return mails;
    }

    /** What is listed from now on is what the folder contains then. */
    void forgetPages() {
        pages.clear();
    }

    /** Fetches lists again from now on. */
    void refresh() {
        pages.clear();
        messages.clear();
        rounds.clear();
        mails.doubt();
    }

    /**
     * What is listed from a position on; null if the server no longer knows its link.
     *
     * @param folder the name of the folder
     */
    @CheckForNull
    GraphDelta.Round round(@NonNull String folder, @NonNull GraphPosition begin, @NonNull ReadDeadline limit)
            throws MailFailure, InterruptedException {
        int done = begin.done().size();
        String key = begin.link() + " " + done;
        GraphDelta.Round known = rounds.get(key);
        if (known != null) {
            return known;
        }
        GraphDelta.Round round;
        try {
            round = new GraphDelta(client, folder, begin.folder()).since(begin.link(), done, limit);
        } catch (MailFailure failure) {
            folders.forget();
            throw failure;
        }
        if (keeps && round != null) {
            rounds.put(key, round);
        }
        return round;
    }

    /** As {@link GraphDelta#now}. What is listed under other links from now on is not older. */
    @CheckForNull
    GraphDelta.Round now(@NonNull String folder, @NonNull String id, @NonNull ReadDeadline limit)
            throws MailFailure, InterruptedException {
        rounds.clear();
        try {
            return new GraphDelta(client, folder, id).now(limit);
        } catch (MailFailure failure) {
            folders.forget();
            throw failure;
        }
    }

    /**
     * A page of a list of messages. If it is too long, each of them is without what makes it long, and so has to be
     * asked for.
     */
    @NonNull
    GraphPage page(@NonNull URI uri, @NonNull WantedFields fields, @NonNull String folder, @NonNull ReadDeadline limit)
            throws MailFailure, InterruptedException {
        Listed key = new Listed(uri.toString(), fields);
        GraphPage known = pages.get(key);
        if (known != null) {
            return known;
        }
        GraphAnswer answer = listed(uri, limit);
        if (answer.status() == GraphAnswer.NOT_FOUND) {
            folders.forget();
        }
        GraphPage page = parsed(answer, folder, new MessageParser(fields)::page);
        if (keeps && pages.size() < MAX_PAGES && hasRoomFor(page.size())) {
            pages.put(key, page);
        }
        return page;
    }

    /** Asks for messages, or again for less of each of them if the answer is too long to be read. */
    private GraphAnswer listed(URI uri, ReadDeadline limit) throws MailFailure, InterruptedException {
        try {
            return client.ask(GraphCall.messages(uri, MAX_LISTED_BYTES), limit);
        } catch (MailFailure failure) {
            URI brief = GraphMessage.brief(uri);
            if (!(failure.getCause() instanceof ReceivedBody.TooLong) || brief.equals(uri)) {
                throw failure;
            }
            return client.ask(GraphCall.messages(brief, MAX_LISTED_BYTES), limit);
        }
    }

    private <T> T parsed(GraphAnswer answer, String folder, ReadValueCallback<JsonReader, T> parser)
            throws MailFailure {
        if (!answer.good()) {
            throw GraphRefusal.failure(Layer.FOLDER, notListed(folder), answer);
        }
        try {
            return Json.parse(answer.body(), parser);
        } catch (Json.Missing e) {
            throw GraphClient.unexpected(Layer.FOLDER, notListed(folder), e.getMessage());
        } catch (IOException e) {
            throw GraphClient.unexpected(Layer.FOLDER, notListed(folder), answer.beginsWith());
        }
    }

    private boolean hasRoomFor(long bytes) {
        long kept = pages.values().stream().mapToLong(GraphPage::size).sum()
                + messages.values().stream().mapToLong(GraphMessage::size).sum();
        return kept + bytes <= MAX_HEADER_BYTES;
    }

    private String notListed(String folder) {
        return Messages.GraphSource_notListed(client.endpoint(), QuotedText.clean(folder));
    }

    /**
     * Some messages, by their ids.
     *
     * @param messages those that exist
     * @param unreadable those that the server cannot return, each with the reason
     * @param complete whether all were asked for
     */
    record Found(Map<String, GraphMessage> messages, Map<String, UnreadableMessage> unreadable, boolean complete) {}

    /**
     * Single messages by id, in the order of the ids. If their headers are very long together, those of the last messages
     * are left out, and have to be asked for.
     *
     * @param reserve the time to leave for reading what was found, with which it does not ask for all; zero for none
     * @throws MailFailure also if the server returns none of them, and no other, because it may be unable to at present
     */
    @NonNull
    Found messages(
            @NonNull Collection<String> ids,
            @NonNull WantedFields fields,
            @NonNull String folder,
            @NonNull ReadDeadline limit,
            @NonNull Duration reserve)
            throws MailFailure, InterruptedException {
        Map<String, GraphMessage> found = new LinkedHashMap<>();
        Map<String, UnreadableMessage> unreadable = new LinkedHashMap<>();
        boolean complete = true;
        boolean serves = false;
        long bytes = 0;
        for (String id : ids) {
            complete = reserve.isZero() || found.isEmpty() || limit.leaves(reserve);
            if (!complete) {
                break;
            }
            try {
                GraphMessage message = message(id, fields, folder, limit);
                serves = true;
                if (message != null) {
                    bytes += message.size();
                    found.put(id, bytes <= MAX_HEADER_BYTES ? message : message.withoutHeaders());
                }
            } catch (UnreadableMessage e) {
                unreadable.put(id, e);
                serves |= !e.failure().temporary();
                if (!serves && unreadable.size() == MAX_OUTAGES) {
                    serves = returnsAnother(ids, folder, limit);
                    if (!serves) {
                        throw e.failure();
                    }
                }
            }
        }
        if (!serves && !unreadable.isEmpty() && !returnsAnother(ids, folder, limit)) {
            throw unreadable.values().iterator().next().failure();
        }
        return new Found(found, unreadable, complete);
    }

    /**
     * As {@link #message}.
     *
     * @throws MailFailure also if the server returns no other message, because it may be unable to at present
     */
    @CheckForNull
    GraphMessage alone(
            @NonNull String id, @NonNull WantedFields fields, @NonNull String folder, @NonNull ReadDeadline limit)
            throws MailFailure, UnreadableMessage, InterruptedException {
        try {
            return message(id, fields, folder, limit);
        } catch (UnreadableMessage e) {
            if (e.failure().temporary() && !returnsAnother(Set.of(id), folder, limit)) {
                throw e.failure();
            }
            throw e;
        }
    }

    /**
     * A whole message; {@link FetchedMails#release} must follow.
     *
     * @return null if the message no longer exists
     * @throws MailFailure also if the server returns the content of no other, because it may be unable to at present
     */
    @CheckForNull
    FetchedMail whole(@NonNull String id, @NonNull String folder, @NonNull ReadDeadline limit)
            throws MailFailure, UnreadableMessage, InterruptedException {
        try {
            return mails.fetch(id, limit);
        } catch (UnreadableMessage e) {
            if (e.failure().temporary() && !returnsContent(id, folder, limit)) {
                throw e.failure();
            }
            throw e;
        }
    }

    /** A few others may be damaged, too. */
    private boolean returnsContent(String but, String folder, ReadDeadline limit)
            throws MailFailure, InterruptedException {
        List<String> others = some(folder, limit).stream()
                .map(GraphMessage::id)
                .filter(id -> !id.equals(but))
                .limit(MAX_OUTAGES)
                .toList();
        for (String other : others) {
            if (mails.isReturned(other, limit)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the server returns a message of the folder that is none of these. */
    private boolean returnsAnother(Collection<String> these, String folder, ReadDeadline limit)
            throws MailFailure, InterruptedException {
        for (GraphMessage other : some(folder, limit)) {
            if (!these.contains(other.id())) {
                try {
                    return message(other.id(), WantedFields.USUAL, folder, limit) != null;
                } catch (UnreadableMessage e) {
                    return false;
                }
            }
        }
        return false;
    }

    /** Some of the messages of a folder. */
    private List<GraphMessage> some(String folder, ReadDeadline limit) throws MailFailure, InterruptedException {
        URI uri = client.uri(GraphFolders.path(folders.id(folder, limit)) + "/messages?$top=10&$select=id");
        return page(uri, WantedFields.USUAL, folder, limit).messages();
    }

    /**
     * A single message.
     *
     * @return without header if that is too long to be read; null if the message no longer exists
     * @throws UnreadableMessage if the server returns others, or may do so
     */
    @CheckForNull
    GraphMessage message(
            @NonNull String id, @NonNull WantedFields fields, @NonNull String folder, @NonNull ReadDeadline limit)
            throws MailFailure, UnreadableMessage, InterruptedException {
        Listed key = new Listed(id, fields);
        GraphMessage known = messages.get(key);
        if (known != null) {
            return known;
        }
        GraphAnswer answer = listed(client.uri(path(id) + "?$select=" + GraphMessage.SELECT), limit);
        if (!isGone(answer) && !answer.good()) {
            throw UnreadableMessage.or(GraphRefusal.failure(Layer.FOLDER, notListed(folder), answer), answer, keeps);
        }
        GraphMessage message = isGone(answer) ? null : parsed(answer, folder, new MessageParser(fields)::message);
        if (keeps && message != null && messages.size() < MAX_MESSAGES && hasRoomFor(message.size())) {
            messages.put(key, message);
        }
        return message;
    }

    static String path(String id) {
        return "messages/" + GraphClient.encoded(id);
    }

    static boolean isGone(GraphAnswer answer) {
        return answer.status() == GraphAnswer.NOT_FOUND && GraphRefusal.isAboutItem(answer);
    }

    @Override
    public void close() {
        mails.close();
        refresh();
    }
}
