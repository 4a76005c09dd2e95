package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.TaskListener;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Gets parts of a notification from other plugins. An error only costs that part and is reported in the build log,
 * because a failed build must be reported.
 */
final class OptionalPart {
    private static final Logger LOGGER = Logger.getLogger(OptionalPart.class.getName());

    private OptionalPart() {}

    /**
     * @param otherwise what to do without it
     * @param sentence the line in the build log, made from the reason
     */
    static <T> T get(
            @NonNull Supplier<T> part,
            @NonNull T otherwise,
            @NonNull UnaryOperator<String> sentence,
            @NonNull TaskListener listener) {
        try {
            return part.get();
        } catch (RuntimeException | LinkageError e) {
            LOGGER.log(Level.WARNING, "A part of a notification cannot be had", e);
            listener.getLogger().println(sentence.apply(reason(e)));
            return otherwise;
        }
    }

    /** What went wrong, on one line. */
    @NonNull
    static String reason(@NonNull Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank()
                ? failure.getClass().getSimpleName()
                : OneLine.of(message).strip();
    }
}
