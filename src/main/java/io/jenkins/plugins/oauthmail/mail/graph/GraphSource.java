package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Fetches lists and whole messages. For many who read the same folder, it keeps some of them: a list until
 * {@link #refresh}, the content of a message for longer, as it never changes. Used by one thread at a time.
 */
final class GraphSource implements AutoCloseable {
    /** How many messages are kept in temporary files, and how many bytes. */
    private static final int MAX_MAILS = 200;

    private static final long MAX_KEPT_BYTES = 64L << 20;

    /** As many messages as are fetched with IMAP when many begin to wait. */
    private static final int MAX_PAGES = 40;

    /** More than Exchange stores. What is saved of it is limited by the account. */
    private static final long MAX_MESSAGE_BYTES = 160L << 20;

    private final GraphClient client;
    private final GraphFolders folders;
    private final boolean keeps;
    private final Map<URI, Map<String, Object>> pages = new HashMap<>();
    private final Map<String, GraphMessage> messages = new HashMap<>();
    private final Map<String, GraphDelta.Round> rounds = new HashMap<>();
    private final LinkedHashMap<String, FetchedMail> mails = new LinkedHashMap<>(16, 0.75f, true);

    /** @param keeps whether anything is kept */
    GraphSource(GraphClient client, GraphFolders folders, boolean keeps) {
        this.client = client;
        this.folders = folders;
        this.keeps = keeps;
    }

    GraphClient client() {
        return client;
    }

    GraphFolders folders() {
        return folders;
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
    }

    /**
     * What is listed under a link; null if the server no longer knows it.
     *
     * @param folder its name, and {@code id} its id
     */
    @CheckForNull
    GraphDelta.Round round(
            @NonNull String folder, @NonNull String id, @NonNull String link, @NonNull ReadDeadline limit)
            throws MailFailure, InterruptedException {
        GraphDelta.Round known = rounds.get(link);
        if (known != null) {
            return known;
        }
        GraphDelta.Round round;
        try {
            round = new GraphDelta(client, folder, id).since(link, limit);
        } catch (MailFailure failure) {
            folders.forget();
            throw failure;
        }
        if (keeps && round != null) {
            rounds.put(link, round);
        }
        return round;
    }

    /** As {@link GraphDelta#now}. */
    @CheckForNull
    GraphDelta.Round now(@NonNull String folder, @NonNull String id, @NonNull ReadDeadline limit)
            throws MailFailure, InterruptedException {
        try {
            return new GraphDelta(client, folder, id).now(limit);
        } catch (MailFailure failure) {
            folders.forget();
            throw failure;
        }
    }

    /** A page of a list of messages. */
    @NonNull
    Map<String, Object> page(@NonNull URI uri, @NonNull String folder, @NonNull ReadDeadline limit)
            throws MailFailure, InterruptedException {
        Map<String, Object> known = pages.get(uri);
        if (known != null) {
            return known;
        }
        GraphAnswer answer = client.ask(GraphCall.get(uri), limit);
        if (answer.status() == GraphAnswer.NOT_FOUND) {
            folders.forget();
        }
        Map<String, Object> page = client.object(answer, Layer.FOLDER, notListed(folder));
        if (keeps && pages.size() < MAX_PAGES) {
            pages.put(uri, page);
        }
        return page;
    }

    /** The messages of a page. */
    @NonNull
    List<Map<String, Object>> listed(@NonNull Map<String, Object> page, @NonNull String folder) throws MailFailure {
        return client.list(page, Layer.FOLDER, notListed(folder));
    }

    /** A message that was listed. */
    @NonNull
    GraphMessage message(@NonNull Map<String, Object> json, @NonNull String folder) throws MailFailure {
        return GraphMessage.of(client.text(json, "id", Layer.FOLDER, notListed(folder)), json);
    }

    private String notListed(String folder) {
        return Messages.GraphSource_notListed(client.endpoint(), QuotedText.clean(folder));
    }

    /** A single message; null if it no longer exists. */
    @CheckForNull
    GraphMessage message(@NonNull String id, @NonNull String folder, @NonNull ReadDeadline limit)
            throws MailFailure, InterruptedException {
        GraphMessage known = messages.get(id);
        if (known != null) {
            return known;
        }
        GraphAnswer answer = client.ask(GraphCall.get(client.uri(path(id) + "?$select=" + GraphMessage.SELECT)), limit);
        GraphMessage message =
                isGone(answer) ? null : message(client.object(answer, Layer.FOLDER, notListed(folder)), folder);
        if (keeps && message != null && messages.size() < MAX_MAILS) {
            messages.put(id, message);
        }
        return message;
    }

    static String path(String id) {
        return "messages/" + GraphClient.encoded(id);
    }

    static boolean isGone(GraphAnswer answer) {
        return answer.status() == GraphAnswer.NOT_FOUND && GraphRefusal.isAboutItem(answer);
    }

    /** A message cannot be read, but others can. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String why, Throwable cause) {
            super(why, cause);
        }
    }

    /**
     * A whole message; {@link #release} must follow.
     *
     * @return null if it no longer exists
     */
    @CheckForNull
    FetchedMail fetch(@NonNull String id, @NonNull ReadDeadline limit)
            throws MailFailure, Unreadable, InterruptedException {
        FetchedMail known = mails.get(id);
        if (known != null) {
            return known;
        }
        FetchedMail mail;
        try {
            mail = new FetchedMail();
        } catch (IOException e) {
            throw GraphClient.notStored(e);
        }
        boolean complete = false;
        try {
            complete = download(id, mail, limit);
            if (complete && keeps) {
                mails.put(id, mail);
                trim();
            }
            return complete ? mail : null;
        } finally {
            if (!complete) {
                mail.close();
            }
        }
    }

    private boolean download(String id, FetchedMail mail, ReadDeadline limit)
            throws MailFailure, Unreadable, InterruptedException {
        GraphAnswer answer;
        try {
            answer = client.ask(
                    GraphCall.download(client.uri(path(id) + "/$value"), mail.file(), MAX_MESSAGE_BYTES), limit);
        } catch (MailFailure failure) {
            if (failure.getCause() instanceof ReceivedBody.TooLong) {
                throw new Unreadable(Messages.GraphSource_tooLarge(MAX_MESSAGE_BYTES >> 20), failure);
            }
            throw failure;
        }
        if (isGone(answer)) {
            return false;
        }
        if (!answer.good()) {
            MailFailure failure =
                    GraphRefusal.failure(Layer.MESSAGE, Messages.GraphSource_notFetched(client.endpoint()), answer);
            boolean alone = answer.status() == GraphAnswer.SERVER_ERROR
                    || failure.layer() == Layer.MESSAGE && !failure.temporary();
            if (alone) {
                throw new Unreadable(Messages.GraphSource_said(answer.said()), failure);
            }
            throw failure;
        }
        if (answer.status() != GraphAnswer.OK || answer.isPage()) {
            throw GraphClient.unexpected(
                    Layer.FOLDER, Messages.GraphSource_notFetched(client.endpoint()), answer.said());
        }
        return true;
    }

    /** Keeps the last one in any case, as it is being read. */
    private void trim() {
        long bytes = mails.values().stream().mapToLong(FetchedMail::size).sum();
        Iterator<FetchedMail> oldest = mails.values().iterator();
        while (mails.size() > 1 && (mails.size() > MAX_MAILS || bytes > MAX_KEPT_BYTES)) {
            FetchedMail mail = oldest.next();
            bytes -= mail.size();
            mail.close();
            oldest.remove();
        }
    }

    void release(FetchedMail mail) {
        if (!keeps) {
            mail.close();
        }
    }

    @Override
    public void close() {
        mails.values().forEach(FetchedMail::close);
        mails.clear();
        refresh();
    }
}
