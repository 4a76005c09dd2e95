package io.jenkins.plugins.oauthmail.approval;

import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.FilePath;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.User;
import hudson.security.ACLContext;
import hudson.tasks.MailAddressResolver;
import hudson.util.StreamTaskListener;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.inmemory.InMemoryRequest;
import io.jenkins.inmemory.InMemoryRun;
import io.jenkins.inmemory.InMemoryStepContext;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.manage.Notice;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.BoundVariables;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.watch.FolderWatches;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/** Builds that ask, and the mailboxes of Anna and Ben; ben is a Jenkins user, too. */
final class ApprovalRig implements AutoCloseable {
    static final String ANNA = "anna@contoso.test";
    static final String BEN = "ben@contoso.test";
    static final String CARL = "carl@contoso.test";
    static final String TRUSTED = "X-MS-Exchange-Organization-AuthAs: Internal\r\n";

    private final JenkinsRig jenkins;
    private final List<Asking> asking = new ArrayList<>();
    private EnvironmentExpander bound = new BoundVariables(Map.of(), Set.of());
    private final Map<String, Runnable> lookUps = new ConcurrentHashMap<>();

    ApprovalRig() throws Exception {
        jenkins = JenkinsRig.defined();
        boolean ready = false;
        try {
            prepare();
            ready = true;
        } finally {
            if (!ready) {
                jenkins.close();
            }
        }
    }

    private void prepare() throws Exception {
        Notice notice = jenkins.authorizeAs(JenkinsRig.ADDRESS);
        assertTrue(notice.good(), notice.text());
        MailAccount account =
                OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
        account.setAuthenticatedBy("exchange");
        OAuthMailConfiguration.get().put(account, JenkinsRig.ACCOUNT);
        for (String address : List.of(ANNA, BEN, CARL)) {
            jenkins.mail().mailbox(address);
        }
        for (String user : List.of("ben", "carl", "reader")) {
            jenkins.jenkins().grant(user, Item.READ);
        }
        jenkins.jenkins().register(new MailAddressResolver() {
            @Override
            public String findMailAddressFor(User user) {
                lookUps.getOrDefault(user.getId(), () -> {}).run();
                return switch (user.getId()) {
                    case "reader" -> null;
                    case "twin" -> BEN;
                    default -> user.getId() + "@contoso.test";
                };
            }
        });
        // In an empty folder there is nothing to search for.
        jenkins.mail().deliver(JenkinsRig.ADDRESS, "Subject: another one\r\n\r\nx\r\n");
    }

    /** Does this each time the address of a user is looked up. */
    void lookUp(String user, Runnable before) {
        lookUps.put(user, before);
    }

    /** Binds variables around the steps, all of them secret, as {@code withCredentials} does. */
    void bind(Map<String, String> secrets) {
        bound = new BoundVariables(secrets, secrets.keySet());
    }

    JenkinsRig jenkins() {
        return jenkins;
    }

    /** Asks Anna, unless told otherwise. */
    Asking ask(Map<String, Object> more) throws Exception {
        return ask(new InMemoryJob("demo/deploy").build(), more);
    }

    Asking ask(InMemoryRun build, Map<String, Object> more) throws Exception {
        Map<String, Object> arguments = new HashMap<>(
                Map.of("account", JenkinsRig.ACCOUNT, "approvers", List.of(ANNA), "subject", "Deploy to production?"));
        arguments.put("waitFor", "1h");
        arguments.putAll(more);
        Asking one = new Asking(build, new ByteArrayOutputStream());
        one.execution = new OAuthMailApprovalStep.DescriptorImpl()
                .newInstance(arguments)
                .start(one.context);
        asking.add(one);
        one.execution.start();
        return one;
    }

    /** As {@link #ask(Map)}, once the record is there. */
    Asking asked(Map<String, Object> more) throws Exception {
        Asking one = ask(more);
        one.awaitLog("asking for approval");
        // Until then, the page cannot say what it asks for.
        Await.until(() -> one.approval().definitions() != null);
        return one;
    }

    /** The question that somebody got last. */
    MimeMessage question(String address) throws Exception {
        return question(address, 1);
    }

    /** As {@link #question(String)}, once there are this many. */
    MimeMessage question(String address, int count) throws Exception {
        Await.until(() -> mails(address).size() >= count);
        return mails(address).get(mails(address).size() - 1);
    }

    List<MimeMessage> mails(String address) {
        return jenkins.mail().mails(address, "INBOX");
    }

    /** A reply as a mail program writes it, which the receiving server vouches for. */
    void reply(MimeMessage question, String from, String text) throws MessagingException {
        deliver(
                from,
                "Re: " + question.getSubject(),
                TRUSTED + "In-Reply-To: " + question.getMessageID() + "\r\n",
                text);
    }

    void deliver(String from, String subject, String headers, String text) {
        jenkins.mail()
                .deliver(
                        JenkinsRig.ADDRESS,
                        "From: " + from + "\r\nTo: " + JenkinsRig.ADDRESS + "\r\nSubject: " + subject + "\r\n"
                                + "Message-ID: <" + UUID.randomUUID() + "@contoso.test>\r\n" + headers + "\r\n" + text);
    }

    @Override
    public void close() throws Exception {
        for (Asking one : asking) {
            one.execution.stop(new InterruptedException("the test is over"));
        }
        jenkins.close();
    }

    /**
     * Decides on the page.
     *
     * @param form what the form sends beside choice and comment; null for nothing
     * @return where the browser is sent
     */
    String decide(Asking build, String user, String choice, JSONObject form) throws Exception {
        InMemoryRequest request = InMemoryRequest.post();
        if (form != null) {
            request.parameter("json", form.toString()).form(form);
        }
        try (ACLContext as = jenkins.jenkins().as(user)) {
            return String.valueOf(
                    build.action().doDecide(request.request(), build.approval().getId(), choice, " fine\u0007\n "));
        }
    }

    /** A build that asks. */
    final class Asking {
        final InMemoryRun build;
        InMemoryStepContext context;
        StepExecution execution;
        private final ByteArrayOutputStream written;

        private Asking(InMemoryRun build, ByteArrayOutputStream written) {
            this.build = build;
            this.written = written;
            context = new InMemoryStepContext()
                    .with(Run.class, build)
                    .with(EnvironmentExpander.class, bound)
                    .with(FilePath.class, new FilePath(jenkins.workspace().toFile()))
                    .with(TaskListener.class, new StreamTaskListener(written, StandardCharsets.UTF_8));
        }

        String log() {
            return written.toString(StandardCharsets.UTF_8);
        }

        void awaitLog(String text) throws Exception {
            try {
                Await.until(() -> log().contains(text));
            } catch (Throwable e) {
                throw new AssertionError(log(), e);
            }
        }

        /** Until as many answers were found not to count, for as long as there is progress. */
        void awaitUncounted(int count) throws Exception {
            for (int known = 0; known < count; known = approval().getUncounted().size()) {
                int before = known;
                try {
                    Await.until(() -> approval().getUncounted().size() > before);
                } catch (AssertionError e) {
                    throw new AssertionError(before + " of " + count + "\n" + log(), e);
                }
            }
        }

        /** Until everybody was asked and the folder was read once. */
        void awaitWaiting() throws Exception {
            Await.until(() ->
                    approval().approvers().stream().allMatch(one -> one.getAsked() != null || one.getProblem() != null)
                            && FolderWatches.get().hasLookedWithin(JenkinsRig.ACCOUNT, "INBOX", Duration.ofHours(1)));
        }

        ApprovalAction action() {
            return ApprovalAction.of(build);
        }

        Approval approval() {
            return action().getApprovals().get(0);
        }

        @SuppressWarnings("unchecked") // as the step documents it
        Map<String, Object> result() throws Exception {
            return (Map<String, Object>) context.result();
        }

        /** As if the controller had been killed: a new build and a new execution of what is on disk. */
        Asking killed() throws Exception {
            return killed(UnaryOperator.identity());
        }

        /** @param stored what has become of the record on disk */
        Asking killed(UnaryOperator<String> stored) throws Exception {
            String xml = stored.apply(Run.XSTREAM2.toXML(action()));
            byte[] program = bytes(execution);
            FolderLeaver.leave(execution);
            ApprovalAction loaded = (ApprovalAction) Run.XSTREAM2.fromXML(xml);
            InMemoryRun restarted = build.getParent().build();
            restarted.addAction(loaded);
            loaded.onLoad(restarted);
            Asking after = new Asking(restarted, new ByteArrayOutputStream());
            after.execution = execution(program, after.context);
            asking.add(after);
            return after;
        }
    }

    /** Stands for the context in the saved program. */
    private record Place() implements Serializable {}

    private static byte[] bytes(StepExecution execution) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes) {
            {
                enableReplaceObject(true);
            }

            @Override
            protected Object replaceObject(Object object) {
                return object instanceof StepContext ? new Place() : object;
            }
        }) {
            out.writeObject(execution);
        }
        return bytes.toByteArray();
    }

    private static StepExecution execution(byte[] bytes, StepContext context) throws Exception {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes)) {
            {
                enableResolveObject(true);
            }

            @Override
            protected Object resolveObject(Object object) {
                return object instanceof Place ? context : object;
            }
        }) {
            return (StepExecution) in.readObject();
        }
    }

    /** A killed controller waits for nothing any more. */
    private static final class FolderLeaver {
        static void leave(StepExecution execution) {
            FolderWatches.get().leave(JenkinsRig.ACCOUNT, "INBOX", (ApprovalExecution) execution);
        }
    }
}
