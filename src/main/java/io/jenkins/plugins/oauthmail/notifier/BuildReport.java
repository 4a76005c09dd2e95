package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Cause;
import hudson.model.Result;
import hudson.model.Run;
import hudson.scm.ChangeLogSet;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;
import jenkins.scm.RunWithSCM;

/**
 * What a notification tells of a build unless the job says otherwise.
 *
 * @param job its full name
 * @param build such as {@code #12}
 * @param result as far as the build has come
 * @param fixed whether a build before it was not a success, and this is one
 * @param duration so far, for people
 * @param causes why it was started, for people
 * @param tests null if it has none
 * @param url of the build with a slash at the end, null if nobody told Jenkins its URL
 */
record BuildReport(
        @NonNull String job,
        @NonNull String build,
        @NonNull Result result,
        boolean fixed,
        @NonNull String duration,
        @NonNull List<String> causes,
        @NonNull List<Change> changes,
        @CheckForNull TestReport.Counts tests,
        @CheckForNull String url) {
    /** So many changes and so many failed tests are listed; the rest is counted. */
    static final int LISTED = 30;

    /**
     * One commit.
     *
     * @param id shortened, null if there is none
     * @param message its first line
     */
    record Change(
            @NonNull String author,
            @CheckForNull String id,
            @NonNull String message) {}

    @NonNull
    static BuildReport of(@NonNull Run<?, ?> build) {
        String root = Jenkins.get().getRootUrl();
        return new BuildReport(
                build.getParent().getFullName(),
                build.getDisplayName(),
                NotifyWhen.soFar(build),
                NotifyWhen.FIXED.matches(build),
                // A running build has no duration of its own yet.
                Util.getTimeSpanString(Math.max(0, System.currentTimeMillis() - build.getStartTimeInMillis())),
                build.getCauses().stream().map(Cause::getShortDescription).toList(),
                changes(build),
                TestReport.find(build),
                root == null ? null : root + build.getUrl());
    }

    private static List<Change> changes(Run<?, ?> build) {
        List<Change> found = new ArrayList<>();
        if (build instanceof RunWithSCM<?, ?> sources) {
            for (ChangeLogSet<? extends ChangeLogSet.Entry> set : sources.getChangeSets()) {
                for (ChangeLogSet.Entry entry : set) {
                    found.add(new Change(
                            entry.getAuthor().getFullName(), shortened(entry.getCommitId()), line(entry.getMsg())));
                }
            }
        }
        return found;
    }

    /** Only a hash can be shortened. */
    private static String shortened(String id) {
        return id != null && id.matches("[0-9a-f]{40,}") ? id.substring(0, 8) : id;
    }

    private static String line(String message) {
        return OneLine.of(OneLine.lines(message).strip().lines().findFirst().orElse(""));
    }

    /** Such as {@code team-a/app #12: FAILURE}, in one line, whatever name a pipeline gave the build. */
    @NonNull
    String title() {
        return OneLine.of(job + " " + build + ": " + status());
    }

    @NonNull
    String status() {
        return fixed ? Messages.BuildReport_fixed(result) : result.toString();
    }
}
