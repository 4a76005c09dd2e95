package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.util.regex.Pattern;

/**
 * Identifies a message in its folder for as long as it stays there. Its form is private to the store that made it;
 * others must not interpret it.
 *
 * @param value visible ASCII characters, 200 at most
 */
public record MailId(@NonNull String value) {
    private static final Pattern VALUE = Pattern.compile("[!-~]{1,200}");

    /** @throws IllegalArgumentException with a sentence for the user, if this cannot be an id */
    public MailId {
        if (value == null || !VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException(invalid(value));
        }
    }

    /** The sentence for a value that is not an id, or not one that this kind of mailbox uses. */
    @NonNull
    public static String invalid(@CheckForNull String value) {
        return Messages.MailId_invalid(QuotedText.clean(String.valueOf(value)));
    }

    /** The sentence for an id of a message in another mailbox. */
    @NonNull
    public String elsewhere() {
        return Messages.MailId_elsewhere(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
