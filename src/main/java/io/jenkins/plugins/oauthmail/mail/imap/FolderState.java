package io.jenkins.plugins.oauthmail.mail.imap;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.iap.Response;

/**
 * What a server says when it opens a folder (RFC 3501 sections 6.3.1 and 7.3.1). Each is null if the server does not
 * say it, or says what cannot be; nobody may take that for 0.
 *
 * @param mails how many are there
 * @param uidValidity which numbering the folder has
 * @param uidNext larger than the UID of any mail in it
 */
record FolderState(
        @CheckForNull Long mails,
        @CheckForNull Long uidValidity,
        @CheckForNull Long uidNext) {

    /** Largest of RFC 3501's numbers, which have 32 bits. */
    static final long MAX_NUMBER = 0xffff_ffffL;

    private static final Pattern EXISTS = Pattern.compile("^\\* (\\d{1,10}) EXISTS\\s*$", Pattern.CASE_INSENSITIVE);
    private static final Pattern VALIDITY =
            Pattern.compile("^\\* OK \\[UIDVALIDITY (\\d{1,10})]", Pattern.CASE_INSENSITIVE);
    private static final Pattern NEXT = Pattern.compile("^\\* OK \\[UIDNEXT (\\d{1,10})]", Pattern.CASE_INSENSITIVE);

    static FolderState of(List<Response> data) {
        Long mails = number(data, EXISTS, 0);
        Long next = number(data, NEXT, 1);
        if (mails != null && next != null && next <= mails) {
            // Each mail has a UID of its own, so that this many need more.
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

    /** The first of the three that is not known, by its name in IMAP; null if all are. */
    @CheckForNull
    String missing() {
        return mails == null ? "EXISTS" : uidValidity == null ? "UIDVALIDITY" : uidNext == null ? "UIDNEXT" : null;
    }
}
