package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.FilePath;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the attachments of a message: files and the build log. A lenient message, such as the notification of a
 * failed build, is sent without those that are missing.
 *
 * @param megabytes maximum size of the encoded message
 * @param lenient whether to leave out what is unavailable
 * @param out receives a message for everything left out
 */
record MailExtras(int megabytes, boolean lenient, @NonNull PrintStream out) {
    private static final long MEGABYTE = 1024 * 1024;

    /** Space reserved for headers and bodies of a lenient message, which must not fail because of its size. */
    private static final long BODY = 256 * 1024;

    /**
     * Copies the attachments to the controller.
     *
     * @param patterns patterns of files in the workspace; null for none
     * @param workspace null if the build currently has none
     * @param log the build log; null for none
     * @param spool where they are copied to
     * @throws AbortException if something is unavailable and the message is not lenient
     */
    @NonNull
    List<OutgoingMail.Attachment> collect(
            @CheckForNull String patterns,
            @CheckForNull FilePath workspace,
            @CheckForNull BuildLog log,
            @NonNull Spool spool)
            throws AbortException, InterruptedException {
        WorkspaceAttachments.Collected files =
                new WorkspaceAttachments(workspace, spool, bytes(), megabytes, lenient).collect(patterns);
        files.problems()
                .forEach(problem -> out.println(
                        files.attachments().isEmpty()
                                ? Messages.MailExtras_withoutFiles(problem)
                                : Messages.MailExtras_withoutSome(problem)));
        List<OutgoingMail.Attachment> attachments = new ArrayList<>(files.attachments());
        if (log != null) {
            long used = attachments.stream()
                    .mapToLong(OutgoingMail.Attachment::size)
                    .sum();
            try {
                attachments.add(log.copy(spool, lenient ? bytes() - used : bytes(), megabytes));
            } catch (AbortException e) {
                if (!lenient) {
                    throw e;
                }
                out.println(Messages.MailExtras_withoutLog(OneLine.of(e.getMessage())));
            }
        }
        return attachments;
    }

    /**
     * Maximum number of bytes to copy. A message that is too large is rejected when it is composed, unless it is
     * lenient.
     */
    private long bytes() {
        long sent = megabytes * MEGABYTE;
        // Base64 turns 57 bytes into a line of 78.
        return lenient ? Math.max(0, sent - BODY) / 78 * 57 : sent;
    }
}
