package io.jenkins.plugins.oauthmail.notifier;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Result;
import hudson.model.TaskListener;
import hudson.util.StreamTaskListener;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.inmemory.InMemoryRun;
import io.jenkins.plugins.oauthmail.manage.Notice;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import jakarta.mail.Message;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/** A notifier at work, and what arrives. */
final class NotifierRig implements AutoCloseable {
    final JenkinsRig jenkins;
    final OAuthMailNotifier notifier = new OAuthMailNotifier(JenkinsRig.ACCOUNT);

    NotifierRig() throws Exception {
        jenkins = JenkinsRig.defined();
        Notice notice = jenkins.authorizeAs(JenkinsRig.ADDRESS);
        if (!notice.good()) {
            throw new AssertionError(notice.text());
        }
        notifier.setTo(JenkinsRig.ADDRESS);
    }

    /** The next build of a job, which ends so. */
    static InMemoryRun build(InMemoryJob job, Result result) {
        InMemoryRun build = job.build();
        build.setResult(result);
        return build;
    }

    /** Runs it without a workspace; gives the build log. */
    String run(InMemoryRun build) throws Exception {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        TaskListener listener = new StreamTaskListener(log, StandardCharsets.UTF_8);
        notifier.perform(build, build.getEnvironment(listener), listener);
        return log.toString(StandardCharsets.UTF_8).strip();
    }

    /** Runs it in a workspace; gives the build log. */
    String run(InMemoryRun build, FilePath workspace) throws Exception {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        TaskListener listener = new StreamTaskListener(log, StandardCharsets.UTF_8);
        EnvVars variables = build.getEnvironment(listener);
        notifier.perform(build, workspace, variables, null, listener);
        return log.toString(StandardCharsets.UTF_8).strip();
    }

    int mails() {
        return mails(JenkinsRig.ADDRESS);
    }

    int mails(String address) {
        return jenkins.mail().mails(address, "INBOX").size();
    }

    /** The newest mail. */
    Message mail() {
        return jenkins.mail().mails(JenkinsRig.ADDRESS, "INBOX").get(mails() - 1);
    }

    /** Its recipients in the header. */
    List<String> recipients() throws Exception {
        return Arrays.stream(mail().getAllRecipients()).map(Object::toString).toList();
    }

    /** Its parts that are text, by type, and file names of the others. */
    TreeMap<String, String> parts() throws Exception {
        TreeMap<String, String> found = new TreeMap<>();
        collect(mail(), found);
        return found;
    }

    /** The text of an attachment of the newest mail. */
    String attachment(String name) throws Exception {
        Multipart parts = (Multipart) mail().getContent();
        for (int i = 0; i < parts.getCount(); i++) {
            if (name.equals(parts.getBodyPart(i).getFileName())) {
                byte[] content = parts.getBodyPart(i).getInputStream().readAllBytes();
                return new String(content, StandardCharsets.UTF_8).replace("\r\n", "\n");
            }
        }
        throw new AssertionError("no attachment " + name);
    }

    private static void collect(Part part, TreeMap<String, String> found) throws Exception {
        if (part.getContent() instanceof Multipart several) {
            for (int i = 0; i < several.getCount(); i++) {
                collect(several.getBodyPart(i), found);
            }
        } else if (part.getFileName() != null) {
            found.put(part.getFileName(), "");
        } else {
            String type = part.getContentType().replaceFirst(";(?s).*", "");
            found.put(type, part.getContent().toString().replace("\r\n", "\n"));
        }
    }

    @Override
    public void close() throws Exception {
        jenkins.close();
    }
}
