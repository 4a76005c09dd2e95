package io.jenkins.plugins.oauthmail.mail.imap;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.received.MailAssembler;
import io.jenkins.plugins.oauthmail.mail.received.PartWalker;
import io.jenkins.plugins.oauthmail.mail.received.ReceivedHeaders;
import jakarta.mail.Flags;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.angus.mail.imap.protocol.BODYSTRUCTURE;

/** A message of a {@link FolderWindow}, and what has been fetched of it so far. */
final class WindowMail {
    private static final Logger LOGGER = Logger.getLogger(WindowMail.class.getName());

    final MailId id;
    final int number;
    Flags flags;
    /** Null if the server does not say. */
    final Instant received;

    /** Null if the server did not return them. */
    @CheckForNull
    ReceivedHeaders headers;

    @CheckForNull
    BODYSTRUCTURE structure;
    /** The size of what the server sent as its structure, in bytes; 0 if that is little. */
    long structureBytes;
    /** Null until the structure is known. */
    @CheckForNull
    PartWalker parts;
    /** Whether the texts were fetched. */
    boolean hasTexts;
    /** The size of the texts that are held in memory, in bytes. */
    long textBytes;

    /** Whether it has to be fetched whole, because the server cannot describe it. */
    boolean onlyWhole;

    @CheckForNull
    WholeMail whole;

    /** Whether even its description is too large. */
    boolean tooLarge;

    boolean gone;
    /** Why it cannot be read; null if that is not known to be so. */
    @CheckForNull
    MailFailure unreadable;

    /** With further fields, by their names. */
    private final Map<List<String>, ReceivedHeaders> moreHeaders = new HashMap<>();

    WindowMail(MailId id, int number, Flags flags, Instant received) {
        this.id = id;
        this.number = number;
        this.flags = flags;
        this.received = received;
    }

    /** The same message in a folder that was opened again; what depends on its number has to be fetched again. */
    WindowMail renumbered(int otherNumber, Flags otherFlags) {
        WindowMail same = new WindowMail(id, otherNumber, otherFlags, received);
        same.headers = headers;
        same.structure = structure;
        same.structureBytes = structureBytes;
        same.onlyWhole = onlyWhole;
        return same;
    }

    boolean isSeen() {
        return flags != null && flags.contains(Flags.Flag.SEEN);
    }

    MailAssembler.About about() {
        return new MailAssembler.About(id, flags, received);
    }

    /** The headers with these additional fields; null if they have not been fetched. */
    @CheckForNull
    ReceivedHeaders headersWith(List<String> names) {
        return names.isEmpty() || whole != null ? headers : moreHeaders.get(names);
    }

    void headersWith(List<String> names, ReceivedHeaders more) {
        moreHeaders.put(names, more);
    }

    /** The size of the headers that are kept, in bytes. */
    long headerBytes() {
        return moreHeaders.values().stream().mapToLong(ReceivedHeaders::size).sum()
                + (headers == null ? 0 : headers.size());
    }

    /** Releases everything that can be fetched again, apart from the usual headers. */
    void releaseDescription() {
        releaseContent();
        structure = null;
        structureBytes = 0;
        moreHeaders.clear();
    }

    /** Releases the memory and the file that its content takes; it can be fetched again. */
    void releaseContent() {
        parts = null;
        hasTexts = false;
        textBytes = 0;
        if (whole != null) {
            try {
                whole.close();
            } catch (IOException e) {
                LOGGER.log(Level.FINE, "A temporary file cannot be deleted", e);
            }
            whole = null;
        }
    }
}
