package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * A place in a folder: behind one mail and before all that come later. A server numbers the mails of a folder upwards
 * in the order in which they come (RFC 3501 section 2.3.1.1).
 *
 * @param uidValidity which numbering of the folder is meant; the server has another one after it numbered anew
 * @param uid number of the last mail before this place, 0 if there is none
 */
public record FolderPosition(long uidValidity, long uid) {

    /** Behind a mail with this {@link ReceivedMail#id()}. */
    @NonNull
    public static FolderPosition behind(@NonNull String id) {
        return new FolderPosition(QueryRules.validity(id), QueryRules.uid(id));
    }
}
