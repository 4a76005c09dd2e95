package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.MailChange;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A change of messages of one folder. It can be continued after a failure, and remembers what is already done. A
 * message that somebody has moved to another folder keeps its id, so its folder is asked for first.
 */
final class GraphChange {
    private final GraphClient client;
    private final GraphFolders folders;
    private final String folder;
    private final MailChange change;
    private final List<MailId> all;
    private final Set<MailId> left;
    /** Messages that the server was asked to move or delete, and may have moved or deleted without saying so. */
    private final Set<MailId> told = new HashSet<>();

    private final List<MailId> gone = new ArrayList<>();

    GraphChange(GraphClient client, GraphFolders folders, String folder, List<MailId> ids, MailChange change) {
        this.client = client;
        this.folders = folders;
        this.folder = folder;
        this.change = change;
        this.all = List.copyOf(ids);
        this.left = new LinkedHashSet<>(ids);
    }

    /**
     * Does what remains to be done.
     *
     * @return the messages that were no longer in the folder
     */
    @NonNull
    List<MailId> carryOut(@NonNull ReadDeadline limit) throws MailFailure, InterruptedException {
        String here = folders.id(folder, limit);
        String moveTo = change.moveTo();
        String target = moveTo == null ? null : folders.id(moveTo, limit);
        for (MailId id : List.copyOf(left)) {
            String message = GraphSource.path(GraphId.of(client.mark(), id));
            if (isIn(here, message, limit)) {
                told.remove(id);
                if (target != null) {
                    URI move = client.uri(message + "/move");
                    changed(tell(id, GraphCall.post(move, Map.of("destinationId", target)), limit));
                } else if (change.delete()) {
                    deleted(tell(id, GraphCall.delete(client.uri(message)), limit));
                }
            } else if (!told.contains(id)) {
                gone.add(id);
            }
            if (change.seen() && !change.delete() && !gone.contains(id)) {
                // Last, as what is marked, but cannot be moved, would not be found by those who read what is unseen.
                // The id stays the same.
                changed(tell(id, GraphCall.patch(client.uri(message), Map.of("isRead", true)), limit));
            }
            left.remove(id);
        }
        return List.copyOf(gone);
    }

    /** The messages that were changed, or may have been, or no longer exist. */
    @NonNull
    Set<MailId> changed() {
        Set<MailId> changed = new LinkedHashSet<>(all);
        changed.removeIf(id -> left.contains(id) && !told.contains(id) && !gone.contains(id));
        return changed;
    }

    /** Asks the server to change a message, and remembers it unless that certainly was not done. */
    private GraphAnswer tell(MailId id, GraphCall call, ReadDeadline limit) throws MailFailure, InterruptedException {
        boolean first = told.add(id);
        boolean certain = false;
        try {
            GraphAnswer answer = client.ask(call, limit);
            certain = GraphRefusal.isBusy(answer)
                    || answer.status() >= GraphAnswer.BAD_REQUEST && answer.status() < GraphAnswer.SERVER_ERROR;
            return answer;
        } catch (MailFailure failure) {
            certain = switch (failure.layer()) {
                case TOKEN, CONNECT, TLS, LOGIN -> !(failure.getCause() instanceof Unanswered);
                // Such as because the time is over, while the server is carrying it out.
                default -> false;
            };
            throw failure;
        } finally {
            if (first && certain) {
                told.remove(id);
            }
        }
    }

    private boolean isIn(String here, String message, ReadDeadline limit) throws MailFailure, InterruptedException {
        GraphAnswer answer = client.ask(GraphCall.get(client.uri(message + "?$select=parentFolderId")), limit);
        return !GraphSource.isGone(answer)
                && here.equals(client.text(answer, "parentFolderId", Layer.FOLDER, refused()));
    }

    /** The answer is the message as it is then; it may also have gone since it was found. */
    private void changed(GraphAnswer answer) throws MailFailure {
        if (!GraphSource.isGone(answer)) {
            client.text(answer, "id", Layer.FOLDER, refused());
        }
    }

    private void deleted(GraphAnswer answer) throws MailFailure {
        if (!answer.good() && !GraphSource.isGone(answer)) {
            throw GraphRefusal.failure(Layer.FOLDER, refused(), answer);
        }
        if (answer.good() && !answer.isEmpty()) {
            throw GraphClient.unexpected(Layer.FOLDER, refused(), answer.said());
        }
    }

    private String refused() {
        return change.moveTo() == null
                ? Messages.GraphChange_refused(client.endpoint())
                : Messages.GraphChange_notMoved(client.endpoint(), QuotedText.clean(change.moveTo()));
    }
}
