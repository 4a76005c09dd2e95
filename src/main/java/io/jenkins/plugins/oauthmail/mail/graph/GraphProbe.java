package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.token.TimeSource;

/** Tests a mailbox layer by layer. It changes nothing and sends nothing. */
public final class GraphProbe {
    private final GraphClient client;

    /** @param mailbox one that has a {@link Mailbox#graph} */
    public GraphProbe(@NonNull Mailbox mailbox, @NonNull Timeouts timeouts) {
        client = new GraphClient(mailbox, timeouts);
    }

    /** Reaches the service, without a token: perhaps through a proxy, so a connection alone would show nothing. */
    public void connect() throws MailFailure, InterruptedException {
        GraphAnswer answer = client.reach();
        if (answer.status() == GraphAnswer.PROXY_AUTHENTICATION || answer.status() >= GraphAnswer.SERVER_ERROR) {
            throw GraphRefusal.failure(Layer.CONNECT, Messages.GraphProbe_notReached(client.endpoint()), answer);
        }
    }

    /**
     * Uses the token.
     *
     * @param read whether the mailbox must be readable; if not, it is enough that it exists and the token is accepted,
     *     because no request other than sending itself shows whether the token permits to send
     */
    public void logIn(boolean read) throws MailFailure, InterruptedException {
        GraphAnswer answer = client.ask(GraphCall.get(client.uri("mailFolders/inbox?$select=id")));
        boolean good = answer.good()
                || !read
                        && GraphRefusal.of(answer)
                                .filter(GraphRefusal.ACCESS::equals)
                                .isPresent();
        if (!good) {
            throw GraphRefusal.failure(Layer.LOGIN, Messages.GraphProbe_notOpened(client.endpoint()), answer);
        }
    }

    /** Lists a message of a folder. */
    public void open(@NonNull String folder) throws MailFailure, InterruptedException {
        GraphSource source = new GraphSource(client, new GraphFolders(client, TimeSource.SYSTEM), false);
        String id = source.folders().id(folder, ReadDeadline.ENDLESS);
        String first = GraphFolders.path(id) + "/messages?$top=1&$select=id";
        source.page(client.uri(first), WantedFields.USUAL, MailQuery.INBOX, ReadDeadline.ENDLESS);
    }
}
