package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Util;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Arguments of steps and triggers that accept one value or a list of values. */
@Restricted(NoExternalUse.class)
public final class ListArgument {
    private ListArgument() {}

    /**
     * The argument in a form that a step can store: a text or an array list without nulls; null for none. Other values
     * may not be serializable, so they are replaced by a marker that {@link #texts} rejects.
     */
    @CheckForNull
    public static Object kept(@CheckForNull Object value) {
        List<Object> values = TextArguments.elements(value);
        if (values != null) {
            List<Object> kept = new ArrayList<>();
            for (Object each : values) {
                // A GString is replaced by its text, since it refers to objects that must not be stored.
                kept.add(each instanceof CharSequence ? each.toString() : Unfit.NO_TEXT);
            }
            return kept.isEmpty() ? null : kept;
        }
        if (value instanceof CharSequence) {
            return Util.fixEmptyAndTrim(value.toString());
        }
        return value == null ? null : Unfit.NO_TEXT;
    }

    /** Stands for a value that is not a text. */
    private enum Unfit {
        NO_TEXT
    }

    /** Joins a list into one text with commas; null for none. Only for values without commas. */
    @CheckForNull
    public static String joined(@CheckForNull Object value) {
        List<Object> values = TextArguments.elements(value);
        return values != null
                ? Util.fixEmptyAndTrim(values.stream().map(String::valueOf).collect(Collectors.joining(", ")))
                : value == null ? null : Util.fixEmptyAndTrim(value.toString());
    }

    /** A single text unchanged, or the texts of a list. */
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

    /** Splits a text, or each text of a list, at spaces and commas. */
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
