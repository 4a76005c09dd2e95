package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Util;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Arguments of steps and triggers that may be one value or a list of values. */
public final class ListArgument {
    private ListArgument() {}

    /**
     * As a step keeps it, ready to be saved: a text or an array list; null for nothing. What is neither text nor list of
     * texts may not even be fit to be saved, so that only the fact is kept; {@link #texts} refuses it.
     */
    @CheckForNull
    public static Object kept(@CheckForNull Object value) {
        if (value instanceof Collection<?> values) {
            List<Object> kept = new ArrayList<>();
            for (Object each : values) {
                // Groovy's texts with variables in them know too much to be saved.
                kept.add(each instanceof CharSequence ? each.toString() : Unfit.NO_TEXT);
            }
            return kept.isEmpty() ? null : kept;
        }
        if (value instanceof CharSequence) {
            return Util.fixEmptyAndTrim(value.toString());
        }
        return value == null ? null : Unfit.NO_TEXT;
    }

    /** In place of what is no text. */
    private enum Unfit {
        NO_TEXT
    }

    /** As one text, with commas between those of a list; null for nothing. For values that hold no commas. */
    @CheckForNull
    public static String joined(@CheckForNull Object value) {
        return value instanceof Collection<?> values
                ? Util.fixEmptyAndTrim(values.stream().map(String::valueOf).collect(Collectors.joining(", ")))
                : value == null ? null : Util.fixEmptyAndTrim(value.toString());
    }

    /** One text as it is, or each of a list. */
    @NonNull
    public static List<String> texts(@NonNull String field, @CheckForNull Object value) throws AbortException {
        List<Object> values = new ArrayList<>();
        if (value instanceof Collection<?> several) {
            values.addAll(several);
        } else if (value != null) {
            values.add(value);
        }
        List<String> texts = new ArrayList<>();
        for (Object each : values) {
            if (!(each instanceof String text)) {
                throw new AbortException(Messages.ListArgument_texts(field));
            }
            texts.add(text);
        }
        return texts;
    }

    /** Words that hold neither blanks nor commas: of one text with several of them, or of each text of a list. */
    @NonNull
    public static List<String> words(@NonNull String field, @CheckForNull Object value) throws AbortException {
        List<String> words = new ArrayList<>();
        for (String text : texts(field, value)) {
            for (String word : text.split("[,\\s]+")) {
                if (!word.isEmpty()) {
                    words.add(word);
                }
            }
        }
        return words;
    }
}
