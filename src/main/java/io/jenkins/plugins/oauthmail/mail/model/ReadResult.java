package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;

/**
 * What a reading brought.
 *
 * @param mails in the order that the query asks for
 * @param problems a sentence for each mail that may be wanted but could not be read
 */
public record ReadResult(
        @NonNull List<ReceivedMail> mails, @NonNull List<String> problems) {

    public ReadResult {
        mails = List.copyOf(mails);
        problems = List.copyOf(problems);
    }
}
