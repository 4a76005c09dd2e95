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
 * Collects the attachments of a message: files and the build log. The notification of a failed build, for example, is
 * sent without those that are unavailable.
 *
 * @param megabytes maximum size of the encoded message
 * @param unavailable what happens if one is unavailable or too large
 * @param out receives a message for everything left out
 */
record MailExtras(
        int megabytes, Unavailable unavailable, @NonNull PrintStream out) {
    private static final long MEGABYTE = 1024 * 1024;

    /** Space reserved for headers and bodies of a message that must not fail because of its size. */
    private static final long BODY = 256 * 1024;

    /**
     * Copies the attachments to the controller.
     *
     * @param patterns patterns of files in the workspace; null for none
     * @param workspace null if the build currently has none
     * @param log the build log; null for none
     * @param spool where they are copied to
     * @throws AbortException if something is unavailable, for {@link Unavailable#FAIL}
     */
    @NonNull
    List<OutgoingMail.Attachment> collect(
            @CheckForNull String patterns,
            @CheckForNull FilePath workspace,
            @CheckForNull BuildLog log,
            @NonNull Spool spool)
            throws AbortException, InterruptedException {
        WorkspaceAttachments.Collected files =
                new WorkspaceAttachments(workspace, spool, bytes(), megabytes, unavailable).collect(patterns);
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
                attachments.add(log.copy(spool, leavesOut() ? bytes() - used : bytes(), megabytes));
            } catch (AbortException e) {
                if (!leavesOut()) {
                    throw e;
                }
                out.println(Messages.MailExtras_withoutLog(OneLine.of(e.getMessage())));
            }
        }
        return attachments;
    }

    /**
     * Maximum number of bytes to copy. A message that is too large is rejected when it is composed, unless parts
     * are left out.
     */
    private long bytes() {
        long sent = megabytes * MEGABYTE;
        // Base64 turns 57 bytes into a line of 78.
        return leavesOut() ? Math.max(0, sent - BODY) / 78 * 57 : sent;
    }

    private boolean leavesOut() {
        return unavailable == Unavailable.LEAVE_OUT;
    }
}
