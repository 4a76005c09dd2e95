package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.FilePath;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * What goes along with a mail: files and the build log. Nobody who should be told of a failed build stays untold because
 * one of them is missing, so that some mails go out without.
 *
 * @param megabytes what the mail may hold, as it is sent
 * @param lenient whether it goes out without what cannot be had
 * @param out told then what was left out and why
 */
record MailExtras(int megabytes, boolean lenient, @NonNull PrintStream out) {
    private static final long MEGABYTE = 1024 * 1024;

    /** For headers and bodies of a mail that must not fail for its size. */
    private static final long BODY = 256 * 1024;

    /**
     * Copies them to the controller.
     *
     * @param patterns of files in the workspace; null for none
     * @param workspace null if the build has none at the moment
     * @param log null for none
     * @param spool where they are copied to
     * @throws AbortException if something cannot be had, and the mail is not lenient
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
                out.println(Messages.MailExtras_withoutLog(e.getMessage()));
            }
        }
        return attachments;
    }

    /** That may be copied. A mail that is too large is refused when it is put together, unless it is lenient. */
    private long bytes() {
        long sent = megabytes * MEGABYTE;
        // Base64 makes 78 bytes of 57.
        return lenient ? Math.max(0, sent - BODY) / 78 * 57 : sent;
    }
}
