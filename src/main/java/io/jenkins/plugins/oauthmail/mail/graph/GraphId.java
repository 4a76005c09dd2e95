package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The immutable id of a message, which stays the same when the message is moved within its mailbox. Written as
 * {@code graph:MAILBOX:ID}; earlier versions did not write the mailbox.
 */
final class GraphId {

    /** Ids of messages read with IMAP begin with a digit. */
    private static final String PREFIX = "graph:";

    private static final Pattern MARKED = Pattern.compile("([0-9a-f]{8}):(.*)");

    private GraphId() {}

    /**
     * @param mailbox see {@link Mailbox#mark}
     * @throws MailFailure if the server gave the message an id that cannot be kept
     */
    @NonNull
    static MailId mailId(@NonNull String mailbox, @NonNull String id) throws MailFailure {
        try {
            return new MailId(PREFIX + mailbox + ":" + id);
        } catch (IllegalArgumentException e) {
            throw new MailFailure(Layer.MESSAGE, e.getMessage(), e);
        }
    }

    /**
     * @param mailbox see {@link Mailbox#mark}
     * @throws MailFailure if the id was not made by Microsoft Graph, or for another mailbox
     */
    @NonNull
    static String of(@NonNull String mailbox, @NonNull MailId id) throws MailFailure {
        if (!id.value().startsWith(PREFIX)) {
            throw new MailFailure(Layer.MESSAGE, MailId.invalid(id.value()));
        }
        String given = id.value().substring(PREFIX.length());
        Matcher marked = MARKED.matcher(given);
        if (!marked.matches()) {
            return given;
        }
        if (!marked.group(1).equals(mailbox)) {
            throw new MailFailure(Layer.FOLDER, id.elsewhere());
        }
        return marked.group(2);
    }
}
