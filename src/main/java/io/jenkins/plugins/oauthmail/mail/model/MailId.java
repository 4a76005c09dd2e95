package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.util.regex.Pattern;

/**
 * Names one mail in its folder, the same for as long as it stays there. What it looks like is up to the store that made
 * it; nobody else may read anything into it.
 *
 * @param value visible ASCII characters, 200 at most
 */
public record MailId(@NonNull String value) {
    private static final Pattern VALUE = Pattern.compile("[!-~]{1,200}");

    /** @throws IllegalArgumentException with a sentence for whoever typed it, if this cannot be an id */
    public MailId {
        if (value == null || !VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException(invalid(value));
        }
    }

    /** The sentence for something that is no id, or not one of this kind of mailbox. */
    @NonNull
    public static String invalid(@CheckForNull String value) {
        return Messages.MailId_invalid(QuotedText.clean(String.valueOf(value)));
    }

    @Override
    public String toString() {
        return value;
    }
}
