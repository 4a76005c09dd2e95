package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Cause;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.scm.ChangeLogSet;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import jenkins.model.Jenkins;
import jenkins.scm.RunWithSCM;

/**
 * The contents of the default report about a build. Everything is one line, whatever those who name builds, tests, users
 * and commits put into it.
 *
 * @param job display names of the job and its folders; branches have other names on disk
 * @param build display name such as {@code #12}
 * @param result the result so far
 * @param fixed whether this build is a success after one that was not
 * @param duration duration so far, human-readable
 * @param causes why it was started, human-readable; at most {@value #LISTED}
 * @param tests null if it has none
 * @param log the last lines of the log of a failed build; empty for others
 * @param url URL of the build with a trailing slash; null if Jenkins does not know its URL
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
        @NonNull List<String> log,
        @CheckForNull String url) {
    /** Maximum number of causes, changes and failed tests to list; of the latter two, the rest is counted. */
    static final int LISTED = 30;

    /** The longest line, because a message that is too large is not sent at all. */
    static final int MAX_LINE = 300;

    private static final Optional<TestReport.Counts> NO_TESTS = Optional.empty();

    /**
     * One commit.
     *
     * @param id shortened ID; null if there is none
     * @param message its first line
     */
    record Change(
            @NonNull String author,
            @CheckForNull String id,
            @NonNull String message) {
        Change {
            author = line(author);
            id = id == null ? null : line(id);
            message = line(message);
        }
    }

    BuildReport {
        job = line(job);
        build = line(build);
        duration = line(duration);
        causes = causes.stream().limit(LISTED).map(BuildReport::line).toList();
        log = List.copyOf(log);
    }

    /** @param listener receives a line for everything that is missing from the report */
    @NonNull
    static BuildReport of(@NonNull Run<?, ?> build, @NonNull TaskListener listener) {
        String root = Jenkins.get().getRootUrl();
        return new BuildReport(
                // Slashes, unlike the guillemets of the pages, survive in every filter rule of a mail program.
                build.getParent().getFullDisplayName().replace(" » ", "/"),
                build.getDisplayName(),
                NotifyWhen.soFar(build),
                NotifyWhen.FIXED.matches(build),
                // The duration of a running build is not set yet.
                Util.getTimeSpanString(Math.max(
                        0,
                        build.isBuilding()
                                ? System.currentTimeMillis() - build.getStartTimeInMillis()
                                : build.getDuration())),
                OptionalPart.get(() -> causes(build), List.of(), Messages::BuildReport_withoutCauses, listener),
                OptionalPart.get(() -> changes(build), List.of(), Messages::BuildReport_withoutChanges, listener),
                OptionalPart.get(
                                () -> Optional.ofNullable(TestReport.find(build)),
                                NO_TESTS,
                                Messages::BuildReport_withoutTests,
                                listener)
                        .orElse(null),
                NotifyWhen.soFar(build) == Result.FAILURE
                        ? OptionalPart.get(
                                () -> LogTail.of(build), List.of(), Messages::BuildReport_withoutLog, listener)
                        : List.of(),
                root == null ? null : root + build.getUrl());
    }

    private static List<String> causes(Run<?, ?> build) {
        return build.getCauses().stream()
                .map(Cause::getShortDescription)
                .filter(Objects::nonNull)
                .toList();
    }

    private static List<Change> changes(Run<?, ?> build) {
        List<Change> found = new ArrayList<>();
        if (build instanceof RunWithSCM<?, ?> sources) {
            for (ChangeLogSet<? extends ChangeLogSet.Entry> set : sources.getChangeSets()) {
                for (ChangeLogSet.Entry entry : set) {
                    found.add(new Change(
                            entry.getAuthor().getFullName(), shortened(entry.getCommitId()), first(entry.getMsg())));
                }
            }
        }
        return found;
    }

    /** Shortens hashes; other IDs are returned unchanged. */
    private static String shortened(String id) {
        return id != null && id.matches("[0-9a-f]{40,}") ? id.substring(0, 8) : id;
    }

    /** One line that is not too long. */
    @NonNull
    static String line(@CheckForNull String text) {
        return OneLine.shortened(OneLine.of(text), MAX_LINE);
    }

    private static String first(String message) {
        return message == null
                ? ""
                : OneLine.lines(message).strip().lines().findFirst().orElse("");
    }

    /** A title such as {@code team-a/app #12: FAILURE}. */
    @NonNull
    String title() {
        return job + " " + build + ": " + status();
    }

    @NonNull
    String status() {
        return fixed ? Messages.BuildReport_fixed(result) : result.toString();
    }
}
