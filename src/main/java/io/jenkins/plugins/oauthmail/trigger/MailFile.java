package io.jenkins.plugins.oauthmail.trigger;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.Environment;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import hudson.slaves.WorkspaceList;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepEnvironmentContributor;

/**
 * Brings the mail that started a build to each workspace of the build, as JSON in the temporary folder beside it, where
 * no checkout touches it. {@value #VARIABLE} has the path.
 */
final class MailFile {
    private static final Logger LOGGER = Logger.getLogger(MailFile.class.getName());
    private static final String VARIABLE = "OAUTH_MAIL_FILE";

    private MailFile() {}

    /** Where a build keeps it on the controller. */
    @NonNull
    static File of(@NonNull Run<?, ?> build) {
        return new File(build.getRootDir(), "oauth-mail.json");
    }

    /** Puts it there unless it is there already. */
    private static void bring(Run<?, ?> build, FilePath workspace, Map<String, String> variables)
            throws InterruptedException {
        File source = of(build);
        FilePath target = target(build, workspace);
        if (target == null || !source.exists()) {
            return;
        }
        try {
            if (!target.exists()) {
                FilePath folder = target.getParent();
                if (folder != null) {
                    folder.mkdirs();
                }
                try (InputStream mail = Files.newInputStream(source.toPath())) {
                    target.copyFrom(mail);
                }
                target.chmod(0600);
            }
            variables.put(VARIABLE, target.getRemote());
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot bring the mail that started " + build + " to " + target);
        }
    }

    private static FilePath target(Run<?, ?> build, FilePath workspace) {
        FilePath folder = workspace == null || build.getAction(ArrivedMail.class) == null
                ? null
                : WorkspaceList.tempDir(workspace);
        return folder == null ? null : folder.child("oauth-mail-" + build.getNumber() + ".json");
    }

    /** In a pipeline, for the steps within a node. */
    @Extension
    public static final class InPipeline extends StepEnvironmentContributor {
        @Override
        public void buildEnvironmentFor(
                @NonNull StepContext stepContext, @NonNull EnvVars envs, @NonNull TaskListener listener)
                throws IOException, InterruptedException {
            Run<?, ?> build = stepContext.get(Run.class);
            // Asked for nothing more in builds that no mail has started.
            if (build != null && build.getAction(ArrivedMail.class) != null) {
                bring(build, stepContext.get(FilePath.class), envs);
            }
        }
    }

    /** In a freestyle build, from its workspace to its end. */
    @Extension
    public static final class InFreestyle extends RunListener<AbstractBuild<?, ?>> {
        @Override
        public Environment setUpEnvironment(AbstractBuild build, Launcher launcher, BuildListener listener) {
            AbstractBuild<?, ?> started = build;
            if (started.getAction(ArrivedMail.class) == null) {
                return new Environment() {};
            }
            return new Environment() {
                @Override
                public void buildEnvVars(Map<String, String> env) {
                    try {
                        bring(started, started.getWorkspace(), env);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }

                @Override
                public boolean tearDown(AbstractBuild ending, BuildListener log)
                        throws IOException, InterruptedException {
                    FilePath target = target(started, started.getWorkspace());
                    if (target != null) {
                        target.delete();
                    }
                    return true;
                }
            };
        }
    }
}
