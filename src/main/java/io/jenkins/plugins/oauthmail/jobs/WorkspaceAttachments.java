package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.Util;
import io.jenkins.plugins.oauthmail.mail.OutgoingMail;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Files of a workspace, on whatever agent it is, as attachments. Their bytes are read while the mail is sent. */
public final class WorkspaceAttachments {
    /** A comma with a backslash before it belongs to the name. */
    private static final Pattern SEPARATOR = Pattern.compile("\\s*(?<!\\\\),\\s*");

    private WorkspaceAttachments() {}

    /**
     * The files that match.
     *
     * @param patterns Ant patterns relative to the workspace, separated by commas, with {@code \\,} for a comma in a
     *     name; null or blank for no attachment
     * @param workspace null if the build has none at the moment
     * @return in the order of the patterns, each file once
     * @throws AbortException if there is no workspace, a pattern leaves it or matches no file, or a file is a link out of it
     */
    @NonNull
    public static List<OutgoingMail.Attachment> find(@CheckForNull String patterns, @CheckForNull FilePath workspace)
            throws IOException, InterruptedException {
        String wanted = Util.fixEmptyAndTrim(patterns);
        if (wanted == null) {
            return List.of();
        }
        if (workspace == null) {
            throw new AbortException(Messages.WorkspaceAttachments_noWorkspace());
        }
        Map<String, FilePath> files = new LinkedHashMap<>();
        for (String entry : SEPARATOR.split(wanted)) {
            if (entry.isEmpty()) {
                continue;
            }
            String pattern = entry.replace("\\,", ",");
            for (FilePath file : matching(pattern, workspace)) {
                files.put(file.getRemote(), file);
            }
        }
        List<OutgoingMail.Attachment> attachments = new ArrayList<>();
        for (FilePath file : files.values()) {
            attachments.add(new OutgoingMail.Attachment(file.getName(), file.length(), file::read));
        }
        return attachments;
    }

    private static FilePath[] matching(String pattern, FilePath workspace) throws IOException, InterruptedException {
        if (leavesWorkspace(pattern)) {
            throw new AbortException(Messages.WorkspaceAttachments_outside(pattern));
        }
        FilePath[] files = workspace.exists() ? workspace.list(pattern.replace(',', '?')) : new FilePath[0];
        if (files.length == 0) {
            throw new AbortException(Messages.WorkspaceAttachments_none(pattern));
        }
        String root = workspace.getRemote();
        for (FilePath file : files) {
            String relative = file.getRemote().substring(root.length() + 1);
            if (!workspace.isDescendant(relative)) {
                throw new AbortException(Messages.WorkspaceAttachments_link(relative));
            }
        }
        return files;
    }

    /** Whether a path or pattern is absolute, on whatever system, or goes up. */
    static boolean leavesWorkspace(String pattern) {
        String path = pattern.replace('\\', '/');
        return path.startsWith("/")
                || path.matches("[A-Za-z]:.*")
                || path.equals("..")
                || path.startsWith("../")
                || path.endsWith("/..")
                || path.contains("/../");
    }
}
