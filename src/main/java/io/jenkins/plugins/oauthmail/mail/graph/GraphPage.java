package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;

/**
 * Messages that are listed by one answer, in the order of the list.
 *
 * @param next the server's own link to what follows; null at the end
 */
record GraphPage(
        @NonNull List<GraphMessage> messages, @CheckForNull String next) {

    /** The size of the headers, in bytes. */
    long size() {
        return messages.stream().mapToLong(GraphMessage::size).sum();
    }
}
