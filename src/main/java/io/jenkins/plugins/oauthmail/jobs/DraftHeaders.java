package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Util;
import io.jenkins.plugins.oauthmail.mail.model.MessageId;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The headers of a message that its author sets, as text.
 *
 * @param inReplyTo message IDs of the conversation so far, separated by white space, ending with the message to reply
 *     to; null for none
 * @param importance {@code high}, {@code normal} or {@code low} in upper or lower case; null for none
 * @param more further headers, one {@code Name: value} per line; null for none
 */
@Restricted(NoExternalUse.class)
public record DraftHeaders(
        @CheckForNull String inReplyTo,
        @CheckForNull String importance,
        @CheckForNull String more) {

    /** No headers beyond those of every message. */
    public static final DraftHeaders NONE = new DraftHeaders(null, null, null);

    private static final Pattern BLANK = Pattern.compile("\\s+");

    /** Values of Importance, which Outlook and others use, and the corresponding X-Priority. */
    private static final Map<String, String> IMPORTANCE = Map.of("high", "1", "normal", "3", "low", "5");

    /**
     * The headers by name. Names and values are checked further when the message is composed.
     *
     * @throws AbortException naming the invalid value
     */
    @NonNull
    Map<String, String> asMap() throws AbortException {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        thread(headers);
        priority(headers);
        further(headers);
        return new LinkedHashMap<>(headers);
    }

    private void thread(Map<String, String> headers) throws AbortException {
        String text = Util.fixEmptyAndTrim(inReplyTo);
        if (text == null) {
            return;
        }
        List<String> ids = new ArrayList<>();
        for (String word : BLANK.split(text)) {
            ids.add(MessageId.parse(word)
                    .filter(MessageId::isSendable)
                    .orElseThrow(() -> new AbortException(Messages.DraftHeaders_inReplyTo(
                            OneLine.of(word.startsWith("<") ? word : "<" + word + ">"))))
                    .value());
        }
        // RFC 5322 section 3.6.4: In-Reply-To is the message replied to, References the conversation that led to it.
        headers.put("In-Reply-To", ids.get(ids.size() - 1));
        headers.put("References", String.join(" ", ids));
    }

    private void priority(Map<String, String> headers) throws AbortException {
        String text = Util.fixEmptyAndTrim(importance);
        if (text == null) {
            return;
        }
        String level = text.toLowerCase(Locale.ROOT);
        if (!IMPORTANCE.containsKey(level)) {
            throw new AbortException(Messages.DraftHeaders_importance());
        }
        headers.put("Importance", level);
        headers.put("X-Priority", IMPORTANCE.get(level));
    }

    private void further(Map<String, String> headers) throws AbortException {
        for (String line : Util.fixNull(more).split("\n")) {
            if (line.isBlank()) {
                continue;
            }
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new AbortException(Messages.DraftHeaders_headers());
            }
            headers.put(
                    line.substring(0, colon).strip(), line.substring(colon + 1).strip());
        }
    }
}
