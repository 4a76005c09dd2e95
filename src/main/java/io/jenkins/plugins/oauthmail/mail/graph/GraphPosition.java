package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A position in a folder: a link under which the server lists what came later, and which of that has been read already.
 *
 * @param mailbox see {@link Mailbox#mark}; earlier versions did not write it
 * @param folder the id of the folder
 * @param root when the first of the links began, of which this one is the last. The epoch if an earlier version did not
 *     write it
 * @param reaching whether the link also lists what has an earlier date than it, because somebody moves it into the folder
 * @param made when the link was made
 * @param link the link, which contains no space
 * @param done the ids of messages behind the link that have been read
 */
record GraphPosition(
        @NonNull String mailbox,
        @NonNull String folder,
        @NonNull Instant root,
        boolean reaching,
        @NonNull Instant made,
        @NonNull String link,
        @NonNull Set<String> done) {
    private static final String PREFIX = "graph:";
    private static final String REACHING = "-r";

    GraphPosition {
        done = Set.copyOf(done);
    }

    /** Empty if the position was not made by Microsoft Graph for this folder of this mailbox. */
    @NonNull
    static Optional<GraphPosition> of(
            @CheckForNull FolderPosition position, @NonNull String mailbox, @NonNull String folder) {
        if (position == null || !position.value().startsWith(PREFIX)) {
            return Optional.empty();
        }
        List<String> parts =
                Arrays.asList(position.value().substring(PREFIX.length()).split(" "));
        if (parts.size() < 3
                || !parts.get(0).equals(folder)
                || !parts.get(1).matches("\\d{1,12}(-" + mailbox + "(-\\d{1,15}(" + REACHING + ")?)?)?")) {
            return Optional.empty();
        }
        String[] times = parts.get(1).split("-");
        return Optional.of(new GraphPosition(
                mailbox,
                folder,
                Instant.ofEpochMilli(times.length < 3 ? 0 : Long.parseLong(times[2])),
                parts.get(1).endsWith(REACHING),
                Instant.ofEpochSecond(Long.parseLong(times[0])),
                parts.get(2),
                new LinkedHashSet<>(parts.subList(3, parts.size()))));
    }

    /** The same with other messages that have been read. */
    @NonNull
    GraphPosition without(@NonNull Set<String> read) {
        return new GraphPosition(mailbox, folder, root, reaching, made, link, read);
    }

    @NonNull
    FolderPosition position() {
        String ids = done.isEmpty() ? "" : " " + String.join(" ", new TreeSet<>(done));
        return new FolderPosition(PREFIX + folder + " " + made.getEpochSecond() + "-" + mailbox + "-"
                + root.toEpochMilli() + (reaching ? REACHING : "") + " " + link + ids);
    }
}
