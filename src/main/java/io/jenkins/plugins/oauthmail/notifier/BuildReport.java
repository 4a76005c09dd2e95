package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import jenkins.model.Jenkins;

/** What a notification says unless the job says otherwise. */
final class BuildReport {
    private BuildReport() {}

    @NonNull
    static String subject(Run<?, ?> build) {
        return build.getParent().getFullName() + " #" + build.getNumber() + ": " + NotifyWhen.soFar(build);
    }

    @NonNull
    static String body(Run<?, ?> build) {
        String root = Jenkins.get().getRootUrl();
        StringBuilder text = new StringBuilder()
                .append("Job:      ")
                .append(build.getParent().getFullName())
                .append('\n')
                .append("Build:    #")
                .append(build.getNumber())
                .append('\n')
                .append("Result:   ")
                .append(NotifyWhen.soFar(build))
                .append('\n')
                .append("Duration: ")
                .append(build.getDurationString())
                .append('\n');
        if (root != null) {
            text.append('\n').append(root).append(build.getUrl()).append('\n');
        }
        return text.toString();
    }
}
