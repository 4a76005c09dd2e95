package io.jenkins.plugins.oauthmail.controller;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.util.Secret;
import io.jenkins.plugins.oauthmail.config.ClientSecret;
import io.jenkins.plugins.oauthmail.config.Cloud;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailServer;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.testing.EntraApplication;
import io.jenkins.plugins.oauthmail.testing.EntraBrowser;
import io.jenkins.plugins.oauthmail.testing.EntraFake;
import io.jenkins.plugins.oauthmail.testing.EntraPerson;
import io.jenkins.plugins.oauthmail.testing.TestCa;
import io.jenkins.plugins.oauthmail.testing.mail.MailServerFake;
import io.jenkins.plugins.oauthmail.testing.mail.Script;
import jakarta.mail.Flags;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import jenkins.model.Jenkins;
import jenkins.model.JenkinsLocationConfiguration;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jvnet.hudson.test.JenkinsRule;

/** Token server and mail server beside a real Jenkins that has one account configured for them. */
final class ControllerRig implements AutoCloseable {
    static final String ACCOUNT = "build-mail";
    static final String ADDRESS = "jenkins@contoso.test";
    static final String STRANGER = "mallory@contoso.test";

    private static final String CLIENT_ID = "00001111-aaaa-2222-bbbb-3333cccc4444";
    static final String CLIENT_SECRET = "secret value of the test";
    private static final Pattern LEAVING = Pattern.compile("https://localhost:[^'\"<>\\s]+");

    private final SSLContext before = TestCa.get().trustInThisJvm();
    private final EntraFake entra =
            EntraFake.start().add(EntraPerson.named(ADDRESS)).add(EntraPerson.named(STRANGER));
    private final MailServerFake mail = new MailServerFake();
    private JenkinsRule jenkins;

    /** Starts both, for a Jenkins to come; see {@link #configure} and {@link #beside}. */
    ControllerRig() {}

    /** Starts both and has Jenkins use them. */
    ControllerRig(JenkinsRule jenkins) throws IOException {
        configure(jenkins);
    }

    /** After a restart of the Jenkins that was configured. */
    void beside(JenkinsRule restarted) {
        jenkins = restarted;
    }

    /** Has Jenkins use both. */
    void configure(JenkinsRule rule) throws IOException {
        jenkins = rule;
        String root = jenkins.getURL().toString();
        JenkinsLocationConfiguration.get().setUrl(root);
        mail.mailbox(ADDRESS);
        mail.accept(entra::accepts);
        entra.register(EntraApplication.of(CLIENT_ID)
                .withSecrets(CLIENT_SECRET)
                .withRedirectUris(
                        root + OAuthMailConfiguration.REDIRECT_PATH, OAuthMailConfiguration.PASTED_REDIRECT_URI));
        SystemCredentialsProvider credentials = SystemCredentialsProvider.getInstance();
        credentials
                .getCredentials()
                .add(new StringCredentialsImpl(
                        CredentialsScope.SYSTEM, "secret", "", Secret.fromString(CLIENT_SECRET)));
        credentials.save();
        OAuthApplication application =
                new OAuthApplication("contoso", CLIENT_ID, EntraFake.TENANT_ID, new ClientSecret("secret"));
        application.setCloud(Cloud.CUSTOM);
        application.setAuthority(entra.origin());
        OAuthMailConfiguration.get().setApplications(List.of(application));
        MailAccount account = new MailAccount(ACCOUNT, ADDRESS, "contoso");
        account.setMayRead("may-read");
        account.setSmtpServer(server(mail.smtp(Security.STARTTLS)));
        account.setImapServer(server(mail.imap(Security.TLS)));
        OAuthMailConfiguration.get().setAccounts(List.of(account));
    }

    private static MailServer server(Endpoint endpoint) {
        return new MailServer(endpoint.host(), endpoint.port(), endpoint.security());
    }

    /** A browser of an administrator. */
    JenkinsRule.WebClient admin() throws Exception {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new org.jvnet.hudson.test.MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin")
                .grant(Jenkins.READ)
                .everywhere()
                .to("reader"));
        return jenkins.createWebClient()
                .withThrowExceptionOnFailingStatusCode(false)
                .login("admin");
    }

    /** Presses <i>Authorize</i>, and the button of a person at the token server; gives the URL to come back by. */
    URL signIn(JenkinsRule.WebClient browser, String person) throws Exception {
        return signIn(browser, "authorize", person);
    }

    /** As {@link #signIn}, with the button on the page where an address is pasted. */
    URL signInToPaste(JenkinsRule.WebClient browser, String person) throws Exception {
        return signIn(browser, "paste/start", person);
    }

    private URL signIn(JenkinsRule.WebClient browser, String action, String person) throws Exception {
        WebRequest press = new WebRequest(
                new URL(jenkins.getURL(), "manage/mail-accounts/account/" + ACCOUNT + "/" + action), HttpMethod.POST);
        JSONObject crumb = browser.getJSON("crumbIssuer/api/json").getJSONObject();
        press.setAdditionalHeader(crumb.getString("crumbRequestField"), crumb.getString("crumb"));
        browser.getOptions().setJavaScriptEnabled(false);
        browser.getOptions().setRedirectEnabled(false);
        browser.setRefreshHandler((page, url, seconds) -> {});
        Page leave = browser.getPage(press);
        Matcher url = LEAVING.matcher(leave.getWebResponse().getContentAsString());
        if (!url.find()) {
            throw new AssertionError(leave.getWebResponse().getContentAsString());
        }
        browser.getOptions().setRedirectEnabled(true);
        URI back = new EntraBrowser().signIn(URI.create(url.group().replace("&amp;", "&")), person);
        return back.toURL();
    }

    /** Puts a mail into the mailbox that came at this time. */
    void deliver(String subject, Instant received) {
        byte[] raw = ("Subject: " + subject + "\r\n\r\nbody\r\n").getBytes(StandardCharsets.US_ASCII);
        mail.deliver(ADDRESS, "INBOX", raw, received, new Flags());
    }

    /** Puts a whole mail into the mailbox now. */
    void receive(String raw) {
        mail.deliver(ADDRESS, "INBOX", raw.getBytes(StandardCharsets.UTF_8), Instant.now(), new Flags());
    }

    /** The Message-ID of the mail that came last. */
    String newestId() throws MessagingException {
        List<MimeMessage> mails = mail.mails(ADDRESS, "INBOX");
        return mails.get(mails.size() - 1).getMessageID();
    }

    /** The mail server, for whatever else it can do. */
    MailServerFake mail() {
        return mail;
    }

    /** How many mails are in the mailbox. */
    int mails() {
        return mail.mails(ADDRESS, "INBOX").size();
    }

    /** What somebody got, oldest first. */
    List<MimeMessage> mails(String address) {
        return mail.mails(address, "INBOX");
    }

    /** The HTML of a mail that has it as an alternative to text. */
    static String html(MimeMessage mail) throws IOException, MessagingException {
        Multipart alternatives = (Multipart) mail.getContent();
        return alternatives
                .getBodyPart(alternatives.getCount() - 1)
                .getContent()
                .toString();
    }

    /** What the SMTP server does out of the ordinary. */
    Script smtpScript() {
        return mail.smtpScript();
    }

    @Override
    public void close() {
        mail.close();
        entra.close();
        SSLContext.setDefault(before);
    }
}
