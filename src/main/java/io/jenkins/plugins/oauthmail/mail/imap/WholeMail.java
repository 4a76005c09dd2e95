package io.jenkins.plugins.oauthmail.mail.imap;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.FileFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.received.LocalPart;
import io.jenkins.plugins.oauthmail.mail.received.PartWalker;
import io.jenkins.plugins.oauthmail.mail.received.ReadBudget;
import io.jenkins.plugins.oauthmail.mail.received.ReceivedHeaders;
import jakarta.mail.util.SharedFileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A message that was fetched whole, because the server cannot describe its structure (Exchange fails for some
 * messages). Until closed, it is kept in a temporary file that only this process's user can read.
 */
final class WholeMail implements AutoCloseable {

    private static final String PREFIX = "oauth-mail";
    private static final String SUFFIX = ".eml";

    private final Path file;
    private SharedFileInputStream content;

    private WholeMail(Path file) {
        this.file = file;
    }

    /**
     * Same as {@link #fetch(ImapFolder, int, ReadBudget, Path)}, in the directory for temporary files.
     *
     * @param budget reduced by the size of the message
     */
    static WholeMail fetch(ImapFolder folder, int number, ReadBudget budget) throws IOException {
        return fetch(folder, number, budget, null);
    }

    /**
     * @param budget reduced by the size of the message
     * @param directory for the file; null for the directory for temporary files
     * @throws IOException caused by a temporary {@link MailFailure} if the file cannot be written, because that is not
     *     the fault of the message
     */
    static WholeMail fetch(ImapFolder folder, int number, ReadBudget budget, @CheckForNull Path directory)
            throws IOException {
        WholeMail mail = new WholeMail(created(directory));
        boolean done = false;
        try {
            try (InputStream in = budget.limited(new SectionStream(folder, number, "", SectionStream.TOLERANCE + 1))) {
                mail.store(in);
            }
            mail.content = new SharedFileInputStream(mail.file.toFile());
            done = true;
            return mail;
        } finally {
            if (!done) {
                mail.close();
            }
        }
    }

    private static Path created(Path directory) throws IOException {
        try {
            return directory == null
                    ? Files.createTempFile(PREFIX, SUFFIX)
                    : Files.createTempFile(directory, PREFIX, SUFFIX);
        } catch (IOException e) {
            throw notStored(e);
        }
    }

    private void store(InputStream in) throws IOException {
        byte[] buffer = new byte[1 << 16];
        // Files.copy would replace the file by one that every user of the computer can read.
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                write(out, buffer, count);
            }
        }
    }

    private static void write(OutputStream out, byte[] buffer, int count) throws IOException {
        try {
            out.write(buffer, 0, count);
        } catch (IOException e) {
            throw notStored(e);
        }
    }

    private static IOException notStored(IOException why) {
        return new IOException(MailFailure.temporary(
                MailFailure.Layer.MESSAGE, Messages.WholeMail_notStored(FileFailure.reason(why)), why));
    }

    ReceivedHeaders headers() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new ReceivedHeaders(in.readNBytes(ReceivedHeaders.MAX_BYTES), ReceivedHeaders.MAX_BYTES);
        }
    }

    PartWalker parts(ReadDeadline time) throws IOException, MailFailure {
        return new PartWalker(new LocalPart(content, Files.size(file), time), time);
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
