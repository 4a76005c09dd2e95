package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;

/**
 * What has come into a folder since somebody looked.
 *
 * @param mails those that the query asks for, in the order in which they came; at most its limit
 * @param problems a sentence for each mail that could not be read; it is passed over, so that no stranger can hold up
 *     the others
 * @param position where to look on
 * @param more whether there may be more behind that position already
 * @param renumbered whether the server has numbered the folder anew, so that nobody can tell what has come since then
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
