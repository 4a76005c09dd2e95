package io.jenkins.plugins.oauthmail.trigger;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import io.jenkins.plugins.oauthmail.jobs.ListArgument;
import io.jenkins.plugins.oauthmail.mail.model.AddressPattern;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import java.util.List;

/**
 * The senders that may start builds by mail: addresses, and domains with a leading {@code @}. Display names are
 * ignored, as anybody can put somebody else's address there.
 *
 * @param texts addresses and domains; empty for any sender
 */
record SenderFilter(@NonNull List<String> texts) {
    /**
     * @param list addresses and domains separated by commas or spaces; null for any sender
     * @throws AbortException if one is neither an address nor a domain
     */
    @NonNull
    static SenderFilter of(@CheckForNull String list) throws AbortException {
        List<String> texts = ListArgument.words("from", list);
        for (String text : texts) {
            if (!AddressPattern.isExact(text)) {
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
                                .map(AddressPattern::new)
                                .anyMatch(pattern ->
                                        pattern.matches(mail.from().get(0).address())));
    }
}
