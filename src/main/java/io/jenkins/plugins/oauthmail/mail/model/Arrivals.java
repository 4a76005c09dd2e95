package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;

/**
 * The messages that have arrived in a folder since a position.
 *
 * @param mails the matching messages, in order of arrival; at most the limit of the query
 * @param problems one sentence for each message that could not be read; such a message is skipped so that it cannot
 *     block the messages behind it
 * @param position the position to continue from
 * @param more whether more messages may already be behind that position
 * @param renumbered whether the server has renumbered the folder, so that it is unknown what has arrived since
 */
public record Arrivals(
        @NonNull List<ReceivedMail> mails,
        @NonNull List<String> problems,
        @NonNull FolderPosition position,
        boolean more,
        boolean renumbered) {

    public Arrivals {
        mails = List.copyOf(mails);
        problems = List.copyOf(problems);
    }

    public static Arrivals none(FolderPosition position, boolean renumbered) {
        return new Arrivals(List.of(), List.of(), position, false, renumbered);
    }
}
