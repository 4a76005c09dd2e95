package io.jenkins.plugins.oauthmail.mail.imap;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;
import org.eclipse.angus.mail.iap.Argument;

/**
 * A SEARCH that is sent together with the command that opens a folder, because it does not depend on its answer. If the
 * folder cannot be opened, the answer to the SEARCH means nothing.
 */
final class Ahead {

    private final ImapSearch search;
    private String command;
    private Argument arguments;
    private Pipeline.Asked sent;

    /** @param search what is going to be searched for first; null for nothing */
    Ahead(@CheckForNull ImapSearch search) {
        this.search = search;
    }

    /** Must be called before the commands that it is sent with, so that nothing delays it behind them. */
    void prepare(ImapConnection connection) {
        ImapSearch.Plan plan = search == null ? null : search.plan(connection.isExchange());
        // With many message IDs, what to ask depends on the number of messages.
        if (plan == null || plan.isEmpty() || search.commandsForManyIds() > 0) {
            return;
        }
        List<List<Argument>> commands = plan.commands(!plan.searchesBodiesApart(connection));
        boolean atOnce = !plan.needsLiterals() || connection.wire().takesLiteralsAtOnce();
        if (!commands.isEmpty() && atOnce) {
            command = plan.command();
            arguments = commands.get(0).get(0);
        }
    }

    void send(ImapConnection connection) {
        if (command != null) {
            sent = connection.send(command, arguments, null);
        }
    }

    void read(ImapConnection connection) {
        if (sent != null) {
            connection.answer(sent);
        }
    }

    /** The answer, only once; null if nothing was sent. */
    @CheckForNull
    ServerAnswer answer(ImapConnection connection) {
        ServerAnswer answer = sent == null ? null : connection.answer(sent);
        sent = null;
        return answer;
    }
}
