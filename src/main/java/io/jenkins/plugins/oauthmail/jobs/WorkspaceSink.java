package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.Util;
import hudson.model.Computer;
import io.jenkins.plugins.oauthmail.mail.model.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.time.Duration;
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
    private static final int MARK = 8;
    private static final Pattern UNFIT = Pattern.compile("[^A-Za-z0-9.]+");
    /** Ids of which no two become the same name, also where file names are compared regardless of case. */
    private static final Pattern PLAIN = Pattern.compile("\\d+(?:-[0-9a-f]+)?:\\d+");

    /** For each call to the agent; the content itself comes from elsewhere and has its own deadlines. */
    static final Duration MAX_SILENCE = Duration.ofMinutes(5);

    private final FilePath workspace;
    private final String folder;
    private final String mailFolder;
    private final Duration silence;

    private WorkspaceSink(FilePath workspace, String folder, String mailFolder, Duration silence) {
        this.workspace = workspace;
        this.folder = folder;
        this.mailFolder = mailFolder;
        this.silence = silence;
    }

    /**
     * @param folder relative to the workspace; null or blank to save no attachments
     * @param workspace null if the build currently has none
     * @param mailFolder full name of the mail folder that contains the messages
     * @return null if no attachments are to be saved
     * @throws AbortException if there is no workspace or the directory is outside it
     * @throws IOException also if the agent does not answer in time
     */
    @CheckForNull
    public static AttachmentSink into(
            @CheckForNull String folder, @CheckForNull FilePath workspace, @NonNull String mailFolder)
            throws IOException, InterruptedException {
        return into(folder, workspace, mailFolder, MAX_SILENCE);
    }

    static AttachmentSink into(String folder, FilePath workspace, String mailFolder, Duration silence)
            throws IOException, InterruptedException {
        String wanted = Util.fixEmptyAndTrim(folder);
        if (wanted == null) {
            return null;
        }
        if (workspace == null) {
            throw new AbortException(Messages.WorkspaceSink_noWorkspace());
        }
        if (OneLine.hasControls(wanted)
                || WorkspaceAttachments.leavesWorkspace(wanted)
                || !AgentDeadline.within(silence, () -> isInside(workspace, wanted))) {
            throw new AbortException(Messages.WorkspaceSink_outside(wanted));
        }
        return new WorkspaceSink(workspace, wanted, mailFolder, silence);
    }

    /** Follows symbolic links, so a directory that is a link cannot lead out either. */
    private static boolean isInside(FilePath workspace, String folder) throws IOException, InterruptedException {
        workspace.mkdirs();
        try {
            return workspace.isDescendant(folder);
        } catch (InvalidPathException e) {
            throw new AbortException(Messages.WorkspaceSink_unfit(folder));
        }
    }

    /**
     * @return the path relative to the workspace, with slashes; with another file name if the locale or the file system
     *     of the agent lacks a character of {@code name}
     */
    @Override
    @NonNull
    public String save(@NonNull MailId mailId, @NonNull String name, @NonNull InputStream content)
            throws IOException, InterruptedException {
        String place = folder + "/" + subdirectory(mailId);
        String path = place + "/" + name;
        String part = "oauth-mail-" + UUID.randomUUID() + ".part";
        boolean done = false;
        boolean silent = false;
        try {
            long size = copy(content, new ReceivedFile.Begin(place, part));
            String saved = act(new ReceivedFile.Finish(place, part, name, asciiName(name), size));
            if (saved == null) {
                throw new IOException(Messages.WorkspaceSink_incomplete());
            }
            done = true;
            return place + "/" + saved;
        } catch (AgentDeadline.Silent | InterruptedException e) {
            silent = true;
            throw e;
        } catch (IOException e) {
            if (causedBy(e, ReceivedFile.Outside.class) || causedBy(e, WorkspaceFolder.LinkInTheWay.class)) {
                throw new IOException(Messages.WorkspaceSink_wouldBeOutside(path), e);
            }
            throw e;
        } finally {
            if (silent) {
                // Whenever the agent answers again.
                Computer.threadPoolForRemoting.execute(() -> discard(place, part));
            } else if (!done) {
                discard(place, part);
            }
        }
    }

    /**
     * A different one for each message. An id is only unique in its folder, and some are only unique with the case of
     * their letters and with characters that do not fit into names.
     */
    private String subdirectory(MailId mailId) {
        String name = UNFIT.matcher(mailId.value()).replaceAll("-");
        boolean inbox = CaseFolding.equalsAscii(mailFolder, MailQuery.INBOX);
        if (inbox && PLAIN.matcher(mailId.value()).matches()) {
            return name;
        }
        return name + "-" + mark(mailId.value() + (inbox ? "" : " " + mailFolder));
    }

    /** A different one for each name with other characters than ASCII; the name itself if it has no others. */
    private static String asciiName(String name) {
        if (StandardCharsets.US_ASCII.newEncoder().canEncode(name)) {
            return name;
        }
        int dot = name.lastIndexOf('.');
        int end = dot > 0 ? dot : name.length();
        return UNFIT.matcher(name.substring(0, end)).replaceAll("_")
                + "-"
                + mark(name)
                + UNFIT.matcher(name.substring(end)).replaceAll("_");
    }

    private static String mark(String text) {
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8))
                .toString()
                .substring(0, MARK);
    }

    private <T> T act(FilePath.FileCallable<T> work) throws IOException, InterruptedException {
        return AgentDeadline.within(silence, () -> workspace.act(work));
    }

    private long copy(InputStream content, ReceivedFile.Begin begin) throws IOException, InterruptedException {
        byte[] chunk = new byte[CHUNK];
        long size = 0;
        OutputStream out = act(begin);
        boolean complete = false;
        try {
            int read;
            while ((read = content.read(chunk)) >= 0) {
                int count = read;
                timed(() -> out.write(chunk, 0, count));
                size += count;
            }
            timed(out::close);
            complete = true;
            return size;
        } finally {
            if (!complete) {
                closeLater(out);
            }
        }
    }

    private interface Write {
        void make() throws IOException;
    }

    private void timed(Write write) throws IOException, InterruptedException {
        AgentDeadline.within(silence, () -> {
            write.make();
            return null;
        });
    }

    /** It may block, and the file is no longer needed. */
    private static void closeLater(OutputStream out) {
        Computer.threadPoolForRemoting.execute(() -> {
            try {
                out.close();
            } catch (IOException e) {
                LOGGER.log(Level.FINE, "Cannot close a file that is incomplete", e);
            }
        });
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
            act(new ReceivedFile.Discard(place, part));
        } catch (IOException | RuntimeException e) {
            // The reason why the file is incomplete matters more than the file that is left over.
            LOGGER.log(Level.FINE, e, () -> "Cannot delete " + part + " in " + place + " of " + workspace);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
