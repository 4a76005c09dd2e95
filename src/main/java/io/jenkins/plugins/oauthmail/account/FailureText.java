package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The sentence of a failure, divided for a page: what happened and how to fix it come first, and what a server said is
 * shown on demand. Failures are stored and reported as one sentence, in which servers are quoted in the forms that the
 * packages below use; see {@code Messages.properties} there. A sentence of another form stays whole.
 *
 * @param summary what happened and how to fix it
 * @param details what servers said, and IDs for their administrators; empty if the summary says everything
 */
@Restricted(NoExternalUse.class)
public record FailureText(@NonNull String summary, @NonNull List<String> details) {
    /** What introduces the words of a server, and is removed with them. */
    private static final Pattern INTRODUCTION = Pattern.compile("; it (said|answered with) \""
            + "|, saying \""
            + "| \\((it offers|the server said) \""
            + "|(?<=proper greeting) but \""
            + "|(?<=fits no command|no clear reply), \""
            + "|(?<=\") after \""
            + "|(?<= answered) \""
            + "|\\b(?<verb>(refused|deferred|ended)\\b(?:(?!: )[^\"]){0,400}?) with \"");

    private static final String ID = "( \\(request ID [^()]*\\))?";

    /** What ends the words of a server, the surest first: the fix, the rest of our sentence, or its end. */
    private static final List<Pattern> ENDS = List.of(
            Pattern.compile("\"" + ID + "(?=: (?!true\\b|false\\b|null\\b)\\p{L})"),
            Pattern.compile(
                    "\"" + ID + "\\)?"
                            + "(?=,? (?:and no other |so (?:nothing|the token) |(?:before|after) the |while messages )| after \")"),
            Pattern.compile("\"" + ID + "\\)?(?=[.;,)]? |[.)]*$)"));

    private static final Pattern REMARK = Pattern.compile(" \\(([^()]*+(?:\\([^()]*+\\)[^()]*+)*+)\\)");

    /** IDs, and replies of servers. */
    private static final Pattern FOREIGN =
            Pattern.compile("(trace|correlation|request) id |[2-5]\\d\\d[ -]", Pattern.CASE_INSENSITIVE);

    private static final int MAX_REMARK = 80;

    /** Longer texts are not ours, and not worth the time. */
    private static final int MAX_LENGTH = 10_000;

    public FailureText {
        details = List.copyOf(details);
    }

    /** As {@link #of}; null gives null. */
    @CheckForNull
    public static FailureText ofNullable(@CheckForNull String sentence) {
        return sentence == null ? null : of(sentence);
    }

    /** @param sentence what happened, the server's words and the fix */
    @NonNull
    public static FailureText of(@NonNull String sentence) {
        if (sentence.length() > MAX_LENGTH) {
            return new FailureText(sentence, List.of());
        }
        List<String> details = new ArrayList<>();
        String summary = withoutRemarks(withoutWords(sentence, details), details);
        return new FailureText(summary, details);
    }

    /**
     * Shortens what servers said, and nothing else, so that the fix is kept as long as possible.
     *
     * @param max length that the sentence should have at most; it stays longer if the summary is
     */
    @NonNull
    static String shortened(@NonNull String sentence, int max) {
        if (sentence.length() <= max) {
            return sentence;
        }
        String shorter = sentence;
        for (String words : of(sentence).details()) {
            int excess = shorter.length() - max;
            int at = shorter.indexOf(words);
            if (excess > 0 && at >= 0) {
                int end = at + words.length();
                int cut = Math.max(at, end - excess - 1);
                if (cut > at && Character.isLowSurrogate(shorter.charAt(cut))) {
                    cut--;
                }
                shorter = shorter.substring(0, cut) + "…" + shorter.substring(end);
            }
        }
        return shorter;
    }

    private static String withoutWords(String sentence, List<String> details) {
        Matcher introduction = INTRODUCTION.matcher(sentence);
        StringBuilder summary = new StringBuilder();
        int at = 0;
        boolean found = introduction.find();
        while (found) {
            int start = introduction.group("verb") == null ? introduction.start() : introduction.end("verb");
            int words = introduction.end();
            boolean inserted = introduction.group().startsWith(", \"");
            Matcher close;
            do {
                found = introduction.find();
                close = close(sentence, words, found ? introduction.start() : sentence.length());
            } while (close == null && found);
            if (close != null) {
                summary.append(sentence, at, start);
                details.add(sentence.substring(words, close.start()) + (close.group(1) == null ? "" : close.group(1)));
                at = close.end();
                if (inserted && sentence.startsWith(",", at)) {
                    at++;
                }
            }
        }
        return summary.append(sentence, at, sentence.length()).toString();
    }

    /** The last possible end, since servers use quotation marks themselves; null if there is none. */
    @CheckForNull
    private static Matcher close(String sentence, int from, int to) {
        return ENDS.stream()
                .map(end -> last(end, sentence, from, to))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    @CheckForNull
    private static Matcher last(Pattern pattern, String sentence, int from, int to) {
        Matcher matcher = pattern.matcher(sentence)
                .region(from, to)
                .useTransparentBounds(true)
                .useAnchoringBounds(to == sentence.length());
        int last = -1;
        while (matcher.find()) {
            last = matcher.start();
        }
        return last >= 0 && matcher.find(last) ? matcher : null;
    }

    private static String withoutRemarks(String text, List<String> details) {
        Matcher remark = REMARK.matcher(text);
        StringBuilder summary = new StringBuilder();
        int at = 0;
        while (remark.find()) {
            String words = remark.group(1);
            if (words.length() > MAX_REMARK || FOREIGN.matcher(words).lookingAt()) {
                summary.append(text, at, remark.start());
                details.add(words);
                at = remark.end();
            }
        }
        return summary.append(text, at, text.length()).toString();
    }

    // Jelly needs getters, which the accessors of a record are not.

    @NonNull
    public String getSummary() {
        return summary;
    }

    @NonNull
    public List<String> getDetails() {
        return details;
    }
}
