package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.Util;
import io.jenkins.plugins.oauthmail.mail.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.OneLine;
import java.io.IOException;
import java.io.InputStream;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;

/** Saves received attachments in a folder of the workspace, one subfolder a mail. */
public final class WorkspaceSink implements AttachmentSink {
    private static final Logger LOGGER = Logger.getLogger(WorkspaceSink.class.getName());
    private static final Pattern UNFIT = Pattern.compile("[^A-Za-z0-9.]+");

    private final FilePath workspace;
    private final String folder;

    private WorkspaceSink(FilePath workspace, String folder) {
        this.workspace = workspace;
        this.folder = folder;
    }

    /**
     * @param folder relative to the workspace; null or blank if attachments are not to be saved
     * @param workspace null if the build has none at the moment
     * @return null if nothing is to be saved
     * @throws AbortException if there is no workspace or the folder is not inside it
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
        // Symbolic links are followed by this check, so that a folder which is a link cannot lead out either.
        if (OneLine.hasControls(wanted)
                || WorkspaceAttachments.leavesWorkspace(wanted)
                || !workspace.isDescendant(wanted)) {
            throw new AbortException(Messages.WorkspaceSink_outside(wanted));
        }
        return new WorkspaceSink(workspace, wanted);
    }

    /** The path relative to the workspace, with slashes. */
    @Override
    @NonNull
    public String save(@NonNull String mailId, @NonNull String name, @NonNull InputStream content)
            throws IOException, InterruptedException {
        String path = folder + "/" + UNFIT.matcher(mailId).replaceAll("-") + "/" + name;
        FilePath file = workspace.child(path);
        FilePath parent = file.getParent();
        if (parent == null || !workspace.isDescendant(path)) {
            throw new AbortException(Messages.WorkspaceSink_wouldBeOutside(path));
        }
        parent.mkdirs();
        try {
            file.copyFrom(content);
        } catch (IOException | InterruptedException | RuntimeException e) {
            removeIncomplete(file);
            throw e;
        }
        return path;
    }

    private static void removeIncomplete(FilePath file) throws InterruptedException {
        try {
            file.delete();
        } catch (IOException e) {
            // Why it is incomplete matters more than that it is still there.
            LOGGER.log(Level.FINE, e, () -> "Cannot delete " + file);
        }
    }
}
