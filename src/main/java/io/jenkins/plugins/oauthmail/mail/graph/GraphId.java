package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailId;

/** The immutable id of a message, which stays the same when the message is moved within its mailbox. */
final class GraphId {

    /** Ids of messages read with IMAP begin with a digit. */
    private static final String PREFIX = "graph:";

    private GraphId() {}

    /** @throws MailFailure if the server gave the message an id that cannot be kept */
    @NonNull
    static MailId mailId(@NonNull String id) throws MailFailure {
        try {
            return new MailId(PREFIX + id);
        } catch (IllegalArgumentException e) {
            throw new MailFailure(Layer.MESSAGE, e.getMessage(), e);
        }
    }

    /** @throws MailFailure if the id was not made by Microsoft Graph */
    @NonNull
    static String of(@NonNull MailId id) throws MailFailure {
        if (!id.value().startsWith(PREFIX)) {
            throw new MailFailure(Layer.MESSAGE, MailId.invalid(id.value()));
        }
        return id.value().substring(PREFIX.length());
    }
}
