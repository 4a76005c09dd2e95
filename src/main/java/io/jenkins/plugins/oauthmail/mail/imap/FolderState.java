package io.jenkins.plugins.oauthmail.mail.imap;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.iap.Response;

/**
 * What a server says when a folder is opened (RFC 3501 sections 6.3.1 and 7.3.1). A component is null if the server
 * does not say it, or says something impossible; null must never be taken for 0.
 *
 * @param mails number of messages in the folder
 * @param uidValidity identifies the current numbering of the folder
 * @param uidNext greater than the UID of each message in the folder
 */
record FolderState(
        @CheckForNull Long mails,
        @CheckForNull Long uidValidity,
        @CheckForNull Long uidNext) {

    /** The largest number in RFC 3501, whose numbers have 32 bits. */
    static final long MAX_NUMBER = 0xffff_ffffL;

    private static final Pattern EXISTS = Pattern.compile("^\\* (\\d{1,10}) EXISTS\\s*$", Pattern.CASE_INSENSITIVE);
    private static final Pattern VALIDITY =
            Pattern.compile("^\\* OK \\[UIDVALIDITY (\\d{1,10})]", Pattern.CASE_INSENSITIVE);
    private static final Pattern NEXT = Pattern.compile("^\\* OK \\[UIDNEXT (\\d{1,10})]", Pattern.CASE_INSENSITIVE);

    static FolderState of(List<Response> data) {
        Long mails = number(data, EXISTS, 0);
        Long next = number(data, NEXT, 1);
        if (mails != null && next != null && next <= mails) {
            // Each message has its own UID, so UIDNEXT is greater than the number of messages.
            next = null;
        }
        return new FolderState(mails, number(data, VALIDITY, 1), next);
    }

    private static Long number(List<Response> data, Pattern pattern, long least) {
        Long found = null;
        for (Response response : data) {
            if (!response.isUnTagged()) {
                continue;
            }
            Matcher matcher = pattern.matcher(response.toString());
            if (matcher.find()) {
                long number = Long.parseLong(matcher.group(1));
                found = number >= least && number <= MAX_NUMBER ? number : null;
            }
        }
        return found;
    }

    /** The IMAP name of the first component that is null; null if none is. */
    @CheckForNull
    String missing() {
        return mails == null ? "EXISTS" : uidValidity == null ? "UIDVALIDITY" : uidNext == null ? "UIDNEXT" : null;
    }
}
