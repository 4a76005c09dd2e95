package io.jenkins.plugins.oauthmail.trigger;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The triggers in the saved configuration of a job, which may be more than Jenkins knows. */
final class SavedTriggers {
    private static final Logger LOGGER = Logger.getLogger(SavedTriggers.class.getName());
    private static final String ELEMENT = "<" + OAuthMailTrigger.class.getName();

    private SavedTriggers() {}

    /** How many there are; 0 if the job has not been saved or cannot be read. */
    static int count(@NonNull Job<?, ?> job) {
        Path file = job.getRootDir().toPath().resolve("config.xml");
        if (!Files.exists(file)) {
            return 0;
        }
        try {
            // Whatever its encoding is, the name of the element has the same bytes; in a script, it would be escaped.
            String xml = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            return xml.split(ELEMENT + "[ >/]", -1).length - 1;
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot read " + file);
            return 0;
        }
    }
}
