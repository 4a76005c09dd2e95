package io.jenkins.plugins.oauthmail.testing;

import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.FilePath;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.StreamTaskListener;
import io.jenkins.inmemory.Binder;
import io.jenkins.inmemory.InMemoryCredentials;
import io.jenkins.inmemory.InMemoryJenkins;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.inmemory.InMemoryRequest;
import io.jenkins.inmemory.InMemoryRun;
import io.jenkins.inmemory.InMemorySession;
import io.jenkins.inmemory.InMemoryStepContext;
import io.jenkins.plugins.oauthmail.account.ActivityLog;
import io.jenkins.plugins.oauthmail.config.ClientAuthentication;
import io.jenkins.plugins.oauthmail.config.ClientSecret;
import io.jenkins.plugins.oauthmail.config.Cloud;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailServer;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.config.Transport;
import io.jenkins.plugins.oauthmail.mail.graph.GraphPolls;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.manage.MailAccountsPage;
import io.jenkins.plugins.oauthmail.manage.Notice;
import io.jenkins.plugins.oauthmail.manage.RedirectAction;
import io.jenkins.plugins.oauthmail.notifier.OAuthMailNotifier;
import io.jenkins.plugins.oauthmail.steps.OAuthMailReadStep;
import io.jenkins.plugins.oauthmail.steps.OAuthMailSendStep;
import io.jenkins.plugins.oauthmail.testing.mail.MailServerFake;
import io.jenkins.plugins.oauthmail.testing.mail.ServerKind;
import io.jenkins.plugins.oauthmail.token.entra.Fixtures;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import jenkins.model.Jenkins;
import jenkins.util.ClientHttpRedirect;
import org.kohsuke.stapler.HttpResponse;

/**
 * A token server, a mail server and a Jenkins for the demo and for tests, with an admin who signs in.
 *
 * @param polls decides when watches with Microsoft Graph poll, which is whenever mail is delivered
 * @param home of Jenkins; deleted at the end
 * @param before the JVM's TLS context, put back at the end
 */
public record JenkinsRig(
        InMemoryJenkins jenkins, EntraFake entra, MailServerFake mail, GraphPolls polls, Path home, SSLContext before)
        implements AutoCloseable {
    public static final String ACCOUNT = "build-mail";
    public static final String APPLICATION = "contoso";
    public static final String ADDRESS = "jenkins@contoso.test";
    public static final String CLIENT_ID = "00001111-aaaa-2222-bbbb-3333cccc4444";
    public static final String CLIENT_SECRET = "secret value of the demo";

    /** The resource of Microsoft Graph. */
    public static final String GRAPH = "https://graph.microsoft.com/";

    private static final String ROOT_URL = "http://localhost:8080/jenkins/";
    private static final String ADMIN = "admin";

    private static final AtomicReference<JenkinsRig> OPEN = new AtomicReference<>();

    /** Starts all three; the mail server is of the kind that is tested at the moment. */
    public static JenkinsRig open() throws Exception {
        return open(new MailServerFake());
    }

    /** As {@link #open()}, with this mail server. */
    public static JenkinsRig open(MailServerFake mail) throws Exception {
        JenkinsRig left = OPEN.getAndSet(null);
        if (left != null) {
            // Of a test that failed before it could close it; the others are not to fail, too.
            left.close();
        }
        SSLContext before = TestCa.get().trustInThisJvm();
        Path home = Files.createTempDirectory("oauth-mail");
        InMemoryJenkins jenkins = InMemoryJenkins.start(home, ROOT_URL);
        jenkins.grant(ADMIN, Jenkins.ADMINISTER);
        EntraFake entra = EntraFake.start().add(EntraPerson.named(ADDRESS));
        mail.mailbox(ADDRESS);
        mail.accept((user, token) -> entra.accepts(user, token) && !entra.isFor(token, GRAPH));
        mail.acceptByGraph((user, token) -> entra.accepts(user, token) && entra.isFor(token, GRAPH));
        mail.graph().me(ADDRESS);
        GraphPolls polls = GraphPolls.begin();
        mail.onChange(polls::poll);
        JenkinsRig rig = new JenkinsRig(jenkins, entra, mail, polls, home, before);
        OPEN.set(rig);
        entra.register(rig.registration());
        Files.createDirectories(rig.workspace());
        return rig;
    }

    /** As {@link #open}, with application and account configured and a client secret to prove it with. */
    public static JenkinsRig defined() throws Exception {
        JenkinsRig rig = open();
        rig.jenkins()
                .credentials()
                .add(InMemoryCredentials.secretText(CredentialsScope.SYSTEM, "secret", CLIENT_SECRET));
        rig.define(new ClientSecret("secret"));
        return rig;
    }

    /** The app registration at the token server. */
    public EntraApplication registration() {
        return EntraApplication.of(CLIENT_ID)
                .withSecrets(CLIENT_SECRET)
                .withCertificates(Fixtures.certificate("rsa.certificate.pem"))
                .withRedirectUris(redirectUri(), OAuthMailConfiguration.PASTED_REDIRECT_URI);
    }

    public String redirectUri() {
        return ROOT_URL + OAuthMailConfiguration.REDIRECT_PATH;
    }

    public Endpoint smtp() {
        return mail.smtp(Security.STARTTLS);
    }

    public Endpoint imap() {
        return mail.imap(Security.TLS);
    }

    /** How many watches wait for mail to arrive. */
    public int watches() {
        return isGraph() ? polls.watches() : mail.idling();
    }

    /** How many clients read mail or watch for it. */
    public int readers() {
        return isGraph() ? polls.watches() + mail.graph().inProgress() : mail.imapClients();
    }

    /** How often somebody has connected to read mail; with Microsoft Graph, the number of requests. */
    public int visits() {
        return isGraph() ? mail.graph().heard().size() : mail.imapConnections();
    }

    private boolean isGraph() {
        return mail.kind() == ServerKind.GRAPH;
    }

    public Path workspace() {
        return home.resolve("workspace");
    }

    public Path authorizationFile() {
        return home.resolve("oauth-mail").resolve(ACCOUNT + ".xml");
    }

    /** Configures application and account. */
    public void define(ClientAuthentication clientAuthentication) {
        OAuthApplication application =
                new OAuthApplication(APPLICATION, CLIENT_ID, EntraFake.TENANT_ID, clientAuthentication);
        application.setCloud(Cloud.CUSTOM);
        application.setAuthority(entra.origin());
        OAuthMailConfiguration.get().setApplications(List.of(application));
        MailAccount account = new MailAccount(ACCOUNT, ADDRESS, APPLICATION);
        account.setMayRead("demo/**");
        account.setSmtpServer(server(smtp()));
        account.setImapServer(server(imap()));
        account.setGraphUrl(mail.graph().root().toString());
        account.setTransport(isGraph() ? Transport.GRAPH : Transport.SMTP_IMAP);
        OAuthMailConfiguration.get().setAccounts(List.of(account));
    }

    private static MailServer server(Endpoint endpoint) {
        return new MailServer(endpoint.host(), endpoint.port(), endpoint.security());
    }

    /**
     * The way of the admin's browser when somebody authorizes the account.
     *
     * @param away where the token server sends people to sign in
     * @param back where the browser came back to
     * @param notice what the page says in the end
     */
    public record RoundTrip(URI away, URI back, Notice notice) {}

    /**
     * Presses <i>Authorize</i>, signs in and comes back.
     *
     * @param username who signs in; null to press Cancel
     * @return what the page says in the end
     */
    public Notice authorizeAs(String username) throws Exception {
        return roundTripOf(username).notice();
    }

    /** As {@link #authorizeAs}. */
    public RoundTrip roundTripOf(String username) throws Exception {
        InMemorySession session = new InMemorySession();
        try (var admin = jenkins.as(ADMIN)) {
            MailAccountsPage page = jenkins.extensions(MailAccountsPage.class).get(0);
            InMemoryRequest press = InMemoryRequest.post().session(session);
            HttpResponse leave = press.answer(() -> page.getAccount(ACCOUNT).doAuthorize(press.request()));
            if (!(leave instanceof ClientHttpRedirect redirectAway)) {
                throw new IllegalStateException("Authorize does not leave for the token server: " + leave);
            }
            URI away = URI.create(redirectAway.redirectUrl());
            URI back = new EntraBrowser().signIn(away, username);
            InMemoryRequest redirect = InMemoryRequest.get().session(session);
            for (String parameter : List.of("state", "code", "error", "error_description")) {
                String value = EntraBrowser.parameter(back, parameter);
                if (value != null) {
                    redirect.parameter(parameter, value);
                }
            }
            redirect.answer(
                    () -> jenkins.extensions(RedirectAction.class).get(0).doRedirect(redirect.request()));
            Notice notice = InMemoryRequest.get().session(session).answer(page::takeNotice);
            return new RoundTrip(away, back, notice);
        }
    }

    /** {@code oauthMailSend} in a pipeline. */
    @SuppressWarnings("unchecked") // as the step documents it
    public Map<String, Object> send(Map<String, Object> arguments) throws Exception {
        return (Map<String, Object>) pipeline().run(Binder.bind(OAuthMailSendStep.class, arguments));
    }

    /** {@code oauthMailRead} in a pipeline. */
    @SuppressWarnings("unchecked") // as the step documents it
    public List<Map<String, Object>> read(Map<String, Object> arguments) throws Exception {
        return (List<Map<String, Object>>) pipeline().run(Binder.bind(OAuthMailReadStep.class, arguments));
    }

    private InMemoryStepContext pipeline() {
        return new InMemoryStepContext()
                .with(Run.class, new InMemoryJob("demo/pipeline").build())
                .with(TaskListener.class, new StreamTaskListener(new ByteArrayOutputStream()))
                .with(FilePath.class, new FilePath(workspace().toFile()));
    }

    /** The notifier after the first build of a job; gives the build log. */
    public String notifyAbout(Result result) throws Exception {
        InMemoryRun build = new InMemoryJob("demo/nightly").build();
        build.setResult(result);
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        TaskListener listener = new StreamTaskListener(log, StandardCharsets.UTF_8);
        OAuthMailNotifier notifier = new OAuthMailNotifier(ACCOUNT);
        notifier.setTo(ADDRESS);
        notifier.perform(build, build.getEnvironment(listener), listener);
        return log.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws Exception {
        OPEN.compareAndSet(this, null);
        if (InMemoryJenkins.isStarted()) {
            // As a controller does before it stops.
            ActivityLog.saveAtTheEnd();
        }
        polls.close();
        mail.close();
        entra.close();
        jenkins.close();
        SSLContext.setDefault(before);
        try (Stream<Path> files = Files.walk(home)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
