package io.jenkins.plugins.oauthmail.mail.imap;

import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.received.LocalPart;
import io.jenkins.plugins.oauthmail.mail.received.PartWalker;
import io.jenkins.plugins.oauthmail.mail.received.ReadBudget;
import io.jenkins.plugins.oauthmail.mail.received.ReceivedHeaders;
import jakarta.mail.util.SharedFileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A message that was fetched whole, because the server cannot describe its structure (Exchange fails for some
 * messages). Until closed, it is kept in a temporary file that only this process's user can read.
 */
final class WholeMail implements AutoCloseable {

    private final Path file;
    private SharedFileInputStream content;

    private WholeMail(Path file) {
        this.file = file;
    }

    /** @param budget reduced by the size of the message */
    static WholeMail fetch(ImapFolder folder, int number, ReadBudget budget) throws IOException {
        WholeMail mail = new WholeMail(Files.createTempFile("oauth-mail", ".eml"));
        try {
            try (InputStream in = budget.limited(new SectionStream(folder, number, "", SectionStream.TOLERANCE + 1))) {
                Files.copy(in, mail.file, StandardCopyOption.REPLACE_EXISTING);
            }
            mail.content = new SharedFileInputStream(mail.file.toFile());
            return mail;
        } catch (IOException | RuntimeException e) {
            mail.close();
            throw e;
        }
    }

    ReceivedHeaders headers() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new ReceivedHeaders(in.readNBytes(ReceivedHeaders.MAX_BYTES), ReceivedHeaders.MAX_BYTES);
        }
    }

    PartWalker parts(ReadDeadline time) throws IOException, MailFailure {
        return new PartWalker(new LocalPart(content, Files.size(file)), time);
    }

    @Override
    public void close() throws IOException {
        try {
            if (content != null) {
                content.close();
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
