package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.Util;
import io.jenkins.plugins.oauthmail.mail.model.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Saves received attachments in a directory of the workspace, one subdirectory per message. */
@Restricted(NoExternalUse.class)
public final class WorkspaceSink implements AttachmentSink {
    private static final Logger LOGGER = Logger.getLogger(WorkspaceSink.class.getName());
    private static final int CHUNK = 64 * 1024;
    private static final Pattern UNFIT = Pattern.compile("[^A-Za-z0-9.]+");

    private final FilePath workspace;
    private final String folder;

    private WorkspaceSink(FilePath workspace, String folder) {
        this.workspace = workspace;
        this.folder = folder;
    }

    /**
     * @param folder relative to the workspace; null or blank to save no attachments
     * @param workspace null if the build currently has none
     * @return null if no attachments are to be saved
     * @throws AbortException if there is no workspace or the directory is outside it
     */
    @CheckForNull
    public static AttachmentSink into(@CheckForNull String folder, @CheckForNull FilePath workspace)
            throws IOException, InterruptedException {
        String wanted = Util.fixEmptyAndTrim(folder);
        if (wanted == null) {
            return null;
        }
        if (workspace == null) {
            throw new AbortException(Messages.WorkspaceSink_noWorkspace());
        }
        workspace.mkdirs();
        // This check follows symbolic links, so a directory that is a link cannot lead out either.
        if (OneLine.hasControls(wanted)
                || WorkspaceAttachments.leavesWorkspace(wanted)
                || !workspace.isDescendant(wanted)) {
            throw new AbortException(Messages.WorkspaceSink_outside(wanted));
        }
        return new WorkspaceSink(workspace, wanted);
    }

    /** @return the path relative to the workspace, with slashes */
    @Override
    @NonNull
    public String save(@NonNull MailId mailId, @NonNull String name, @NonNull InputStream content)
            throws IOException, InterruptedException {
        String place = folder + "/" + UNFIT.matcher(mailId.value()).replaceAll("-");
        String path = place + "/" + name;
        String part = "oauth-mail-" + UUID.randomUUID() + ".part";
        boolean done = false;
        try {
            long size;
            try (OutputStream out = workspace.act(new ReceivedFile.Begin(place, part))) {
                size = copy(content, out);
            }
            if (!workspace.act(new ReceivedFile.Finish(place, part, name, size))) {
                throw new IOException(Messages.WorkspaceSink_incomplete());
            }
            done = true;
            return path;
        } catch (IOException e) {
            if (causedBy(e, ReceivedFile.Outside.class) || causedBy(e, WorkspaceFolder.LinkInTheWay.class)) {
                throw new IOException(Messages.WorkspaceSink_wouldBeOutside(path), e);
            }
            throw e;
        } finally {
            if (!done) {
                discard(place, part);
            }
        }
    }

    private static long copy(InputStream content, OutputStream out) throws IOException {
        byte[] chunk = new byte[CHUNK];
        long size = 0;
        int count;
        while ((count = content.read(chunk)) >= 0) {
            out.write(chunk, 0, count);
            size += count;
        }
        return size;
    }

    /** Exceptions from an agent are wrapped. */
    private static boolean causedBy(Throwable failure, Class<? extends Throwable> kind) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private void discard(String place, String part) {
        try {
            workspace.act(new ReceivedFile.Discard(place, part));
        } catch (IOException | RuntimeException e) {
            // The reason why the file is incomplete matters more than the file that is left over.
            LOGGER.log(Level.FINE, e, () -> "Cannot delete " + part + " in " + place + " of " + workspace);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
