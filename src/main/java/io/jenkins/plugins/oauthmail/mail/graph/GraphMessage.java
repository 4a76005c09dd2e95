package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.received.MailAssembler;
import io.jenkins.plugins.oauthmail.mail.received.ReceivedHeaders;
import jakarta.mail.Flags;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * A message as Microsoft Graph lists it.
 *
 * @param received null if the server does not say
 * @param folder the id of its folder; null if it was not asked for
 * @param headers the header, or what the server has made of it; null if neither was asked for
 * @param complete whether it is the header; messages that were not received by mail, such as those in Sent Items, have
 *     none
 */
record GraphMessage(
        @NonNull String id,
        @CheckForNull Instant received,
        @NonNull Flags flags,
        @CheckForNull String folder,
        @CheckForNull ReceivedHeaders headers,
        boolean complete) {

    /** The properties of a message that are needed. */
    static final String SELECT = "id,receivedDateTime,isRead,isDraft,flag,parentFolderId,internetMessageId,subject,"
            + "from,toRecipients,ccRecipients,replyTo,internetMessageHeaders";

    /** Those that stay short, whatever the sender writes. */
    private static final String BRIEF = "id,receivedDateTime,isRead,isDraft,flag,parentFolderId";

    private static final Pattern SELECTED = Pattern.compile("(?<=[?&](?:\\$|%24)select=)[^&]*");

    /** The same list or message with nothing but what stays short; also for links of the server. */
    @NonNull
    static URI brief(@NonNull URI uri) {
        return URI.create(SELECTED.matcher(uri.toString()).replaceFirst(BRIEF));
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

    /** The size of the header, in bytes. */
    int size() {
        return headers == null ? 0 : headers.size();
    }

    /** The same, as if it had been listed {@link #brief briefly}. */
    @NonNull
    GraphMessage withoutHeaders() {
        return new GraphMessage(id, received, flags, folder, null, false);
    }

    boolean isSeen() {
        return flags.contains(Flags.Flag.SEEN);
    }

    @NonNull
    MailAssembler.About about(@NonNull String mailbox) throws MailFailure {
        return new MailAssembler.About(GraphId.mailId(mailbox, id), flags, received);
    }
}
