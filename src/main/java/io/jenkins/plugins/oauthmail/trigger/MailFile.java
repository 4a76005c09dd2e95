package io.jenkins.plugins.oauthmail.trigger;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.Computer;
import hudson.model.Environment;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import hudson.slaves.WorkspaceList;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepEnvironmentContributor;

/**
 * Copies the message that started a build to each workspace of the build, as JSON in the temporary directory beside it,
 * where no checkout touches it. {@value #VARIABLE} contains the path.
 */
final class MailFile {
    private static final Logger LOGGER = Logger.getLogger(MailFile.class.getName());
    private static final String VARIABLE = "OAUTH_MAIL_FILE";
    private static final Map<Run<?, ?>, Set<FilePath>> COPIES = new WeakHashMap<>();

    private MailFile() {}

    /** The file in the build's directory on the controller. */
    @NonNull
    static File of(@NonNull Run<?, ?> build) {
        return new File(build.getRootDir(), "oauth-mail.json");
    }

    /** Copies it unless it is already there. */
    private static void bring(Run<?, ?> build, FilePath workspace, Map<String, String> variables)
            throws InterruptedException {
        File source = of(build);
        FilePath target = target(build, workspace);
        if (target == null || !source.exists()) {
            return;
        }
        try {
            Set<FilePath> copies = copies(build);
            synchronized (copies) {
                copies.add(target);
                if (!target.exists()) {
                    copy(source, target);
                }
            }
            variables.put(VARIABLE, target.getRemote());
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot copy the message that started " + build + " to " + target);
        }
    }

    /**
     * Copies under a temporary name with restricted permissions: nobody sees a partial file, and other users of the
     * machine cannot read it.
     */
    private static void copy(File source, FilePath target) throws IOException, InterruptedException {
        FilePath folder = target.getParent();
        if (folder == null) {
            throw new IOException(target + " has no parent directory");
        }
        folder.mkdirs();
        FilePath part = folder.child(target.getName() + ".part");
        part.delete();
        part.touch(0);
        part.chmod(0600);
        try (InputStream mail = Files.newInputStream(source.toPath())) {
            part.copyFrom(mail);
        }
        part.renameTo(target);
    }

    /** The copies made since the controller started. */
    private static Set<FilePath> copies(Run<?, ?> build) {
        synchronized (COPIES) {
            return COPIES.computeIfAbsent(build, begun -> new HashSet<>());
        }
    }

    private static FilePath target(Run<?, ?> build, FilePath workspace) {
        FilePath folder = workspace == null || build.getAction(ArrivedMail.class) == null
                ? null
                : WorkspaceList.tempDir(workspace);
        // The build number alone would not be unique if a job is re-created, or jobs share a workspace.
        return folder == null
                ? null
                : folder.child("oauth-mail-" + build.getNumber() + '-'
                        + build.getAction(ArrivedMail.class).token() + ".json");
    }

    /** Provides the file to the steps inside a node of a pipeline. */
    @Extension
    public static final class InPipeline extends StepEnvironmentContributor {
        @Override
        public void buildEnvironmentFor(
                @NonNull StepContext stepContext, @NonNull EnvVars envs, @NonNull TaskListener listener)
                throws IOException, InterruptedException {
            Run<?, ?> build = stepContext.get(Run.class);
            // Does nothing in builds that were not started by mail.
            if (build != null && build.getAction(ArrivedMail.class) != null) {
                bring(build, stepContext.get(FilePath.class), envs);
            }
        }
    }

    /** Provides the file to a freestyle build once it has a workspace. */
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
            };
        }
    }

    /** Deletes the copies when the build ends. */
    @Extension
    public static final class Ended extends RunListener<Run<?, ?>> {
        @Override
        public void onCompleted(Run<?, ?> build, @NonNull TaskListener listener) {
            Set<FilePath> copies;
            synchronized (COPIES) {
                copies = COPIES.remove(build);
            }
            if (copies == null) {
                return;
            }
            if (build instanceof AbstractBuild) {
                delete(build, copies);
            } else {
                // Pipeline threads must not wait for agents.
                Computer.threadPoolForRemoting.execute(() -> delete(build, copies));
            }
        }

        private static void delete(Run<?, ?> build, Set<FilePath> copies) {
            synchronized (copies) {
                copies.forEach(copy -> delete(build, copy));
            }
        }

        private static void delete(Run<?, ?> build, FilePath copy) {
            try {
                copy.delete();
            } catch (IOException | RuntimeException e) {
                // The agent may be gone, and the copy with it.
                LOGGER.log(Level.FINE, e, () -> "Cannot delete " + copy + " of " + build);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
