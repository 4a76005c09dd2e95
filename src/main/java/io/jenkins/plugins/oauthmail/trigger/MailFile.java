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
 * Brings the mail that started a build to each workspace of the build, as JSON in the temporary folder beside it, where
 * no checkout touches it. {@value #VARIABLE} has the path.
 */
final class MailFile {
    private static final Logger LOGGER = Logger.getLogger(MailFile.class.getName());
    private static final String VARIABLE = "OAUTH_MAIL_FILE";
    private static final Map<Run<?, ?>, Set<FilePath>> COPIES = new WeakHashMap<>();

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
            Set<FilePath> copies = copies(build);
            synchronized (copies) {
                copies.add(target);
                if (!target.exists()) {
                    copy(source, target);
                }
            }
            variables.put(VARIABLE, target.getRemote());
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot bring the mail that started " + build + " to " + target);
        }
    }

    /** Nobody sees half of it, and no other user of the machine any. */
    private static void copy(File source, FilePath target) throws IOException, InterruptedException {
        FilePath folder = target.getParent();
        if (folder == null) {
            throw new IOException(target + " is in no folder");
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

    /** Where it was brought since the controller started. */
    private static Set<FilePath> copies(Run<?, ?> build) {
        synchronized (COPIES) {
            return COPIES.computeIfAbsent(build, begun -> new HashSet<>());
        }
    }

    private static FilePath target(Run<?, ?> build, FilePath workspace) {
        FilePath folder = workspace == null || build.getAction(ArrivedMail.class) == null
                ? null
                : WorkspaceList.tempDir(workspace);
        // The number alone would do until a job is made anew, or jobs share a workspace.
        return folder == null
                ? null
                : folder.child("oauth-mail-" + build.getNumber() + '-'
                        + build.getAction(ArrivedMail.class).token() + ".json");
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

    /** In a freestyle build, as soon as it has a workspace. */
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

    /** Leaves no copies behind. */
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
                // The thread of a pipeline waits for no agent.
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
                // Its agent may be gone, and the copy with it.
                LOGGER.log(Level.FINE, e, () -> "Cannot delete " + copy + " of " + build);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
