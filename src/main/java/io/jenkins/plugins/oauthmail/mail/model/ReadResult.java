package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;

/**
 * The result of a read.
 *
 * @param mails the messages, in the order that the query asks for
 * @param problems one sentence for each message that may match but could not be read
 * @param gone the ids in the query whose messages are no longer in the folder
 */
public record ReadResult(
        @NonNull List<ReceivedMail> mails,
        @NonNull List<String> problems,
        @NonNull List<MailId> gone) {

    public ReadResult {
        mails = List.copyOf(mails);
        problems = List.copyOf(problems);
        gone = List.copyOf(gone);
    }
}
