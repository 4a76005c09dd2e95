package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address at which a sign-in ended, as a person copied it: perhaps with text around it, wrapped into lines, or
 * another one. It is only read; nothing is fetched from it.
 */
final class PastedAddress {
    /** Characters; the longest codes have a few thousand. */
    static final int MAX_LENGTH = 32_768;

    /** Somebody may paste an earlier address as well. */
    private static final int MAX_ADDRESSES = 10;

    /** Not inside another address. Browsers may hide {@code http://}. */
    private static final Pattern BEGINNING = Pattern.compile(
            "((?<![/=?&%#@])http://|(?<![/=?&%#@:.\\w-]))localhost/oauth-mail(?![\\w/%.~:@-])",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern OTHER = Pattern.compile("https?://[^\\s/?#\"<>]{1,100}", Pattern.CASE_INSENSITIVE);

    /** What ends an address in a text. */
    private static final Pattern QUERY = Pattern.compile("\\?([^\\s\"<>#'`()\\[\\]{}|\\\\^]*)");

    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cf}\\p{Cc}&&[^\\r\\n\\t]]");
    private static final Pattern SPACE = Pattern.compile("[\\p{Z}\\t&&[^\\u2028\\u2029]]");

    /** With the marks that programs put before the lines of a quoted message. */
    private static final Pattern LINE_BREAK = Pattern.compile(" *\\R[> ]*");

    /** A text that follows the state without a space is not part of it. */
    private static final Pattern AFTER_STATE = Pattern.compile("[^A-Za-z0-9_-].*", Pattern.DOTALL);

    private final List<SignInAnswer> answers;

    @CheckForNull
    private final String problem;

    private PastedAddress(List<SignInAnswer> answers, @CheckForNull String problem) {
        this.answers = List.copyOf(answers);
        this.problem = problem;
    }

    /** @param text anything, or null */
    @NonNull
    static PastedAddress of(@CheckForNull String text) {
        if (text != null && text.length() > MAX_LENGTH) {
            return new PastedAddress(List.of(), Messages.PastedAddress_tooLong(text.length()));
        }
        String visible = text == null
                ? ""
                : SPACE.matcher(INVISIBLE.matcher(text).replaceAll(""))
                        .replaceAll(" ")
                        .strip()
                        .replace("&amp;", "&");
        if (visible.isEmpty()) {
            return new PastedAddress(List.of(), Messages.PastedAddress_empty());
        }
        // Whether a line break belongs to the text around the address cannot be seen, but only one reading has the
        // state of a pending sign-in. Where several have, the code is complete in the first.
        List<SignInAnswer> answers = new ArrayList<>();
        boolean found = addAnswers(LINE_BREAK.matcher(visible).replaceAll(""), answers);
        found |= addAnswers(visible, answers);
        found |= addAnswers(visible.replaceAll("\\s+", ""), answers);
        return new PastedAddress(answers, found ? null : problem(visible));
    }

    private static String problem(String visible) {
        Matcher other = OTHER.matcher(visible);
        return other.find()
                ? Messages.PastedAddress_otherAddress(other.group(), OAuthMailConfiguration.PASTED_REDIRECT_URI)
                : Messages.PastedAddress_noAddress(OAuthMailConfiguration.PASTED_REDIRECT_URI);
    }

    private static boolean addAnswers(String text, List<SignInAnswer> answers) {
        Matcher beginning = BEGINNING.matcher(text);
        int count = 0;
        while (count < MAX_ADDRESSES && beginning.find()) {
            count++;
            Matcher query = QUERY.matcher(text).region(beginning.end(), text.length());
            if (query.lookingAt()) {
                String[] parameters = query.group(1).split("&");
                String state = only(parameters, "state");
                answers.add(new SignInAnswer(
                        state == null ? null : AFTER_STATE.matcher(state).replaceFirst(""),
                        only(parameters, "code"),
                        only(parameters, "error"),
                        only(parameters, "error_description")));
            }
        }
        return count > 0;
    }

    /** The decoded value of a parameter; null unless it is there once and not empty. */
    @CheckForNull
    private static String only(String[] parameters, String name) {
        String found = null;
        for (String parameter : parameters) {
            if (parameter.startsWith(name + "=")) {
                if (found != null) {
                    return null;
                }
                found = parameter.substring(name.length() + 1);
            }
        }
        if (found == null || found.isEmpty()) {
            return null;
        }
        try {
            return URLDecoder.decode(found, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException incompleteEscape) {
            return null;
        }
    }

    /** Why it cannot be the address, and what to copy; null if it may be. */
    @CheckForNull
    String problem() {
        return problem;
    }

    /** The ways to read it; empty if there is a {@link #problem}, or if the address has no parameters. */
    @NonNull
    List<SignInAnswer> answers() {
        return answers;
    }

    /** Contains nothing that was pasted. */
    @Override
    public String toString() {
        return "PastedAddress[" + answers.size() + " answers]";
    }
}
