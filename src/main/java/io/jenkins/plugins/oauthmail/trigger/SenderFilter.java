package io.jenkins.plugins.oauthmail.trigger;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import io.jenkins.plugins.oauthmail.jobs.ListArgument;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The senders that may start builds by mail: addresses, and domains with a leading {@code @}. Display names are
 * ignored, as anybody can put somebody else's address there.
 *
 * @param texts addresses and domains; empty for any sender
 */
record SenderFilter(@NonNull List<String> texts) {
    private static final Pattern TEXT = Pattern.compile("[^@*\\s<>\"]*@[^@*\\s<>\"]+");

    /**
     * @param list addresses and domains separated by commas or spaces; null for any sender
     * @throws AbortException if one is neither an address nor a domain
     */
    @NonNull
    static SenderFilter of(@CheckForNull String list) throws AbortException {
        List<String> texts = ListArgument.words("from", list);
        for (String text : texts) {
            if (!TEXT.matcher(text).matches()) {
                throw new AbortException(Messages.SenderFilter_neither(text));
            }
        }
        return new SenderFilter(texts);
    }

    boolean isAnybody() {
        return texts.isEmpty();
    }

    /** Whether the message has exactly one author, who is one of these senders. */
    boolean include(@NonNull ReceivedMail mail) {
        return mail.from().size() == 1
                && (isAnybody()
                        || texts.stream()
                                .anyMatch(
                                        text -> isMeant(text, mail.from().get(0).address())));
    }

    private static boolean isMeant(String text, String address) {
        return CaseFolding.equalsAscii(
                text, text.startsWith("@") ? address.substring(Math.max(0, address.lastIndexOf('@'))) : address);
    }
}
