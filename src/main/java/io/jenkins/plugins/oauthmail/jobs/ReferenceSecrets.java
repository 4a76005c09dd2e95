package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.regex.Pattern;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Hides what only an approver may know of the reference in the subject of a question, {@code [question secret]}, wherever
 * subjects are logged or recorded.
 */
@Restricted(NoExternalUse.class)
public final class ReferenceSecrets {
    /** 60 bits, so that no two questions in a mailbox are the same one. */
    public static final int QUESTION_LETTERS = 12;

    /** 130 bits. */
    public static final int SECRET_LETTERS = 26;

    /** Also of those whose end is missing, because servers, and we, shorten what servers say. */
    private static final Pattern SECRET = Pattern.compile(
            "\\[([a-z2-7]{" + QUESTION_LETTERS + "})\\s+[a-z2-7]{" + SECRET_LETTERS / 2 + "," + SECRET_LETTERS
                    + "}\\]?",
            Pattern.CASE_INSENSITIVE);

    private ReferenceSecrets() {}

    /** Replaces the secret of each reference in a text by an ellipsis. */
    @NonNull
    public static String hide(@NonNull String text) {
        return SECRET.matcher(text).replaceAll("[$1 …]");
    }
}
