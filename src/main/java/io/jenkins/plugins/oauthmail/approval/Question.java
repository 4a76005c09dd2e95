package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.oauthmail.config.StoredXml;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import java.text.Normalizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What people are asked, and how long they have. Kept with the build; does not change. */
final class Question {
    /** A longer line is no choice. */
    private static final int MAX_LINE = 200;

    /** What programs put around a word without anybody seeing it. */
    private static final Pattern UNSEEN = Pattern.compile("^[\\s\\p{Z}\\p{C}]+|[\\s\\p{Z}\\p{C}]+$");

    private final String id;
    private final String account;
    private final String subject;
    private final String text;
    private final ArrayList<String> choices;
    private final int required;
    private final long asked;
    private final long deadline;
    private ArrayList<AskedParameter> parameters;

    /**
     * @param id of {@link Reference#newQuestion}
     * @param account ID of the mail account
     * @param subject for the page, without secrets
     * @param text the same; null if there is only a subject
     * @param choices the last one rejects
     * @param required how many must choose the same for it to be decided; one rejection is enough
     */
    Question(
            @NonNull String id,
            @NonNull String account,
            @NonNull String subject,
            @CheckForNull String text,
            @NonNull List<String> choices,
            int required,
            @NonNull Instant asked,
            @NonNull Instant deadline) {
        this.id = id;
        this.account = account;
        this.subject = StoredXml.storable(subject);
        this.text = StoredXml.storable(text);
        this.choices = new ArrayList<>(choices);
        this.required = required;
        this.asked = asked.toEpochMilli();
        this.deadline = deadline.toEpochMilli();
    }

    /** The same question in the words of the author of the pipeline, for those who are asked. */
    @NonNull
    Question worded(@NonNull String itsSubject, @CheckForNull String itsText) {
        return new Question(id, account, itsSubject, itsText, choices, required, asked(), deadline())
                .asking(parameters());
    }

    /** Has values asked for with a decision; to be called before anything is asked. */
    @NonNull
    Question asking(@NonNull List<AskedParameter> values) {
        parameters = new ArrayList<>(values);
        return this;
    }

    @NonNull
    List<AskedParameter> parameters() {
        return parameters == null ? List.of() : new ArrayList<>(parameters);
    }

    /** The names of parameters without a default, separated by commas, which can only be given on the page; null for none. */
    @CheckForNull
    String pageOnly() {
        return Util.fixEmpty(parameters().stream()
                .filter(parameter -> !parameter.isOptional())
                .map(AskedParameter::getName)
                .collect(Collectors.joining(", ")));
    }

    @NonNull
    String id() {
        return id;
    }

    @NonNull
    String account() {
        return account;
    }

    @NonNull
    String subject() {
        return subject;
    }

    @CheckForNull
    String text() {
        return text;
    }

    @NonNull
    List<String> choices() {
        return new ArrayList<>(choices);
    }

    /** The choices in one text, for people. */
    @NonNull
    String words() {
        String last = rejection();
        return Messages.Question_words(String.join(", ", choices.subList(0, choices.size() - 1)), last);
    }

    @NonNull
    String rejection() {
        return choices.get(choices.size() - 1);
    }

    int required() {
        return required;
    }

    @NonNull
    Instant asked() {
        return Instant.ofEpochMilli(asked);
    }

    @NonNull
    Instant deadline() {
        return Instant.ofEpochMilli(deadline);
    }

    /** The choice that a line is, apart from upper and lower case and what surrounds it unseen; null if it is none. */
    @CheckForNull
    String choice(@CheckForNull String line) {
        if (line == null || line.length() > MAX_LINE) {
            return null;
        }
        String word = folded(line);
        return choices.stream()
                .filter(choice -> folded(choice).equals(word))
                .findFirst()
                .orElse(null);
    }

    /** Two choices are the same one if they fold to the same text. */
    @NonNull
    static String folded(@NonNull String line) {
        return CaseFolding.fold(Normalizer.normalize(UNSEEN.matcher(line).replaceAll(""), Normalizer.Form.NFC));
    }
}
