package io.jenkins.plugins.oauthmail.mail.graph;

import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.received.LocalPart;
import io.jenkins.plugins.oauthmail.mail.received.PartWalker;
import io.jenkins.plugins.oauthmail.mail.received.ReceivedHeaders;
import jakarta.mail.util.SharedFileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.SoftReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A whole message in a temporary file that only this process's user can read; deleted when closed. */
final class FetchedMail implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(FetchedMail.class.getName());

    private final Path file;
    private SharedFileInputStream content;
    /** Soft, because the fields of thousands of parts may need much memory. Null before the first query. */
    private SoftReference<PartWalker> parts;

    FetchedMail() throws IOException {
        file = Files.createTempFile("oauth-mail", ".eml");
    }

    /** The file to be filled. */
    Path file() {
        return file;
    }

    /** The size of the file, in bytes; 0 if that cannot be found out. */
    long size() {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    ReceivedHeaders headers() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new ReceivedHeaders(in.readNBytes(ReceivedHeaders.MAX_BYTES), ReceivedHeaders.MAX_BYTES);
        }
    }

    /**
     * The parts of the message, which stay usable until this is closed. They are kept for further queries, because many
     * builds may wait for different messages in the same folder.
     *
     * @param time checked while the message is split into its parts
     * @throws MailFailure if the time is over or the thread was interrupted
     */
    PartWalker parts(ReadDeadline time) throws IOException, MailFailure {
        PartWalker known = parts == null ? null : parts.get();
        if (known != null) {
            return known;
        }
        if (content == null) {
            content = new SharedFileInputStream(file.toFile());
        }
        PartWalker walked = new PartWalker(new LocalPart(content, Files.size(file), time), time);
        parts = new SoftReference<>(walked);
        return walked;
    }

    @Override
    public void close() {
        try {
            if (content != null) {
                content.close();
            }
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "A temporary file cannot be deleted", e);
        }
    }
}
