package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;

/**
 * Fetches whole messages. For many who read the same folder, it keeps some of them, as the content of a message never
 * changes. Used by one thread at a time.
 */
final class FetchedMails implements AutoCloseable {
    /** How many messages are kept in temporary files, and how many bytes. */
    private static final int MAX_MAILS = 200;

    private static final long MAX_KEPT_BYTES = 64L << 20;

    /** More than Exchange stores. What is saved of it is limited by the account. */
    private static final long MAX_MESSAGE_BYTES = 160L << 20;

    private final GraphClient client;
    private final boolean keeps;
    /** Whether it has returned a message since {@link #doubt}. */
    private boolean returns;

    private final LinkedHashMap<String, FetchedMail> mails = new LinkedHashMap<>(16, 0.75f, true);

    /** @param keeps whether any are kept */
    FetchedMails(@NonNull GraphClient client, boolean keeps) {
        this.client = client;
        this.keeps = keeps;
    }

    /**
     * A whole message; {@link #release} must follow.
     *
     * @return null if it no longer exists
     */
    @CheckForNull
    FetchedMail fetch(@NonNull String id, @NonNull ReadDeadline limit)
            throws MailFailure, UnreadableMessage, InterruptedException {
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

    /**
     * Whether the server returns the content of a message; for many who read the same folder, also if it has returned that
     * of any since {@link #doubt}.
     */
    boolean isReturned(@NonNull String id, @NonNull ReadDeadline limit) throws MailFailure, InterruptedException {
        if (keeps && returns) {
            return true;
        }
        try (FetchedMail mail = new FetchedMail()) {
            return download(id, mail, limit);
        } catch (UnreadableMessage e) {
            return !e.failure().temporary();
        } catch (IOException e) {
            throw GraphClient.notStored(e);
        }
    }

    /** The server may be unable to return messages from now on. */
    void doubt() {
        returns = false;
    }

    private boolean download(String id, FetchedMail mail, ReadDeadline limit)
            throws MailFailure, UnreadableMessage, InterruptedException {
        GraphAnswer answer;
        try {
            answer = client.ask(
                    GraphCall.download(client.uri(GraphSource.path(id) + "/$value"), mail.file(), MAX_MESSAGE_BYTES),
                    limit);
        } catch (MailFailure failure) {
            if (failure.getCause() instanceof ReceivedBody.TooLong) {
                throw new UnreadableMessage(Messages.FetchedMails_tooLarge(MAX_MESSAGE_BYTES >> 20), failure);
            }
            throw failure;
        }
        if (GraphSource.isGone(answer)) {
            return false;
        }
        String notFetched = Messages.FetchedMails_notFetched(client.endpoint());
        if (!answer.good()) {
            throw UnreadableMessage.or(GraphRefusal.failure(Layer.MESSAGE, notFetched, answer), answer, keeps);
        }
        if (answer.status() != GraphAnswer.OK || answer.isPage()) {
            throw GraphClient.unexpected(Layer.FOLDER, notFetched, answer.said());
        }
        returns = true;
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

    /** Must follow {@link #fetch}. */
    void release(@NonNull FetchedMail mail) {
        if (!keeps) {
            mail.close();
        }
    }

    @Override
    public void close() {
        mails.values().forEach(FetchedMail::close);
        mails.clear();
    }
}
