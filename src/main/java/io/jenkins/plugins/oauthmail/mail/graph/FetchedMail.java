package io.jenkins.plugins.oauthmail.mail.graph;

import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.received.LocalPart;
import io.jenkins.plugins.oauthmail.mail.received.PartWalker;
import io.jenkins.plugins.oauthmail.mail.received.ReceivedHeaders;
import jakarta.mail.util.SharedFileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A whole message in a temporary file that only this process's user can read; deleted when closed. */
final class FetchedMail implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(FetchedMail.class.getName());

    private final Path file;
    private SharedFileInputStream content;

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

    PartWalker parts(ReadDeadline time) throws IOException, MailFailure {
        if (content == null) {
            content = new SharedFileInputStream(file.toFile());
        }
        return new PartWalker(new LocalPart(content, Files.size(file)), time);
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
