package io.jenkins.plugins.oauthmail.neighbours;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.plugins.credentials.domains.HostnamePortRequirement;
import hudson.model.Describable;
import hudson.model.Descriptor;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.plugins.oauthmail.account.AccountAdvice;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import java.util.List;
import java.util.function.Consumer;
import jenkins.model.JenkinsLocationConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which settings of Email Extension and Mailer administrators are told to change. */
class AdviceTest {
    private static final int PORT = 2525;

    private final EmailExtension emailExtension = new EmailExtension();
    private final MailerSettings mailer = new MailerSettings();
    private JenkinsRig rig;
    private MailAccount account;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        account = OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
        JenkinsLocationConfiguration.get().setAdminAddress("Jenkins <" + JenkinsRig.ADDRESS + ">");
        emailExtension.first.host = rig.smtp().host();
        emailExtension.first.port = Integer.toString(rig.smtp().port());
        emailExtension.first.credentials = "oauth-mail-" + JenkinsRig.ACCOUNT;
        emailExtension.first.oauth = true;
        emailExtension.first.tls = true;
    }

    @AfterEach
    void close() throws Exception {
        JenkinsLocationConfiguration.get().setAdminAddress(null);
        rig.close();
    }

    private void installEmailExtension() {
        account.setOtherPluginsMaySend(true);
        rig.jenkins().register(emailExtension);
    }

    private void installMailer() {
        account.setRelayCredentialsId("relay");
        OAuthMailConfiguration.get().setRelayPort(PORT);
        mailer.host = "127.0.0.1";
        mailer.port = Integer.toString(PORT);
        mailer.user = JenkinsRig.ACCOUNT;
        rig.jenkins().register(mailer);
    }

    private static List<String> advice() {
        return AccountAdvice.all().stream().map(AccountAdvice::sentence).toList();
    }

    private static void assertAdvice(String part) {
        List<String> advice = advice();
        assertEquals(1, advice.size(), advice.toString());
        assertTrue(advice.get(0).contains(part), advice.get(0));
    }

    @Test
    void noneWithoutThePlugins() {
        account.setOtherPluginsMaySend(true);
        account.setRelayCredentialsId("relay");
        OAuthMailConfiguration.get().setRelayPort(PORT);
        assertEquals(List.of(), advice());
    }

    @Test
    void noneForSettingsThatWork() {
        installEmailExtension();
        installMailer();
        assertEquals(List.of(), advice());
        mailer.host = "localhost";
        assertEquals(List.of(), advice());
        account.setOtherSenders("builds@contoso.test");
        JenkinsLocationConfiguration.get().setAdminAddress("Builds@Contoso.test");
        assertEquals(List.of(), advice());
    }

    @Test
    void noneForOtherWaysOfSending() {
        installEmailExtension();
        installMailer();
        JenkinsLocationConfiguration.get().setAdminAddress("admin@elsewhere.test");
        emailExtension.first.host = "smtp.elsewhere.test";
        emailExtension.first.credentials = "password";
        mailer.host = "smtp.elsewhere.test";
        assertEquals(List.of(), advice());
        emailExtension.first.host = rig.smtp().host();
        emailExtension.first.credentials = "token-of-another-plugin";
        mailer.host = "localhost";
        mailer.port = "25";
        mailer.user = null;
        assertEquals(List.of(), advice());
    }

    @Test
    void noneFromUnknownVersions() {
        account.setOtherPluginsMaySend(true);
        rig.jenkins().register(new UnknownVersion());
        assertEquals(List.of(), advice());
        assertTrue(refusal().contains("is not authorized"), refusal());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "host       |      | has no SMTP server",
                "host       | smtp.elsewhere.test | connects to smtp.elsewhere.test",
                "port       | 25   | port 25, and gets no token",
                "port       |      | port 25, and gets no token",
                "tls        |      | select Use TLS",
                "oauth      |      | select Use OAuth 2.0",
                "credentials|      | choose the credentials 'OAuth Mail: build-mail'",
                "credentials| oauth-mail-nobody | no such mail account"
            })
    void emailExtension(String field, String value, String expected) {
        installEmailExtension();
        EmailExtensionAccount settings = emailExtension.first;
        switch (field) {
            case "host" -> settings.host = value;
            case "port" -> settings.port = value;
            case "tls" -> settings.tls = false;
            case "oauth" -> settings.oauth = false;
            default -> {
                settings.credentials = value;
                settings.oauth = false;
            }
        }
        assertAdvice(expected);
    }

    /** Whatever sends the token elsewhere, or lets somebody read it, is said on the page and ends the build's attempt. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "mail.smtp.host=mail.attacker.test",
                "mail.host = mail.attacker.test",
                "  mail.smtp.port: 2525",
                "mail.smtp.socketFactory.class=attacker.Sockets",
                "mail.smtp.ssl.socketFactory.port 2525",
                "mail.smtp.proxy.host=mail.attacker.test",
                "mail.smtp.socks.host=mail.attacker.test",
                "mail.smtp.ssl.trust=*",
                "mail.smtp.ssl.checkserveridentity=false",
                "mail.smtp.starttls.enable=false",
                "mail.smtp.starttls.required=no",
                "mail.smtp.ssl.enable=false",
                "mail.transport.protocol=attacker",
                "mail.smtp.class=attacker.Transport",
                "mail.debug.auth=true",
                "a=b\nm\\u0061il.smtp.\\\n  host=mail.attacker.test\nbroken=\\u12"
            })
    void unsafePropertiesOfEmailExtension(String advanced) {
        installEmailExtension();
        emailExtension.first.advanced = advanced;
        assertAdvice("Advanced Email Properties contain mail.");
        assertTrue(refusal().contains("Advanced Email Properties contain mail."), refusal());
        emailExtension.first.credentials = "another";
        assertFalse(refusal().contains("Advanced Email Properties"), refusal());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "mail.smtp.ssl.protocols=TLSv1.2",
                "mail.smtp.starttls.enable=true\nmail.smtp.starttls.required=TRUE",
                "mail.smtp.localhost=ci.contoso.test\nmail.smtp.timeout=5000\nmail.debug=true",
                "mail.smtp.auth.xoauth2.two.line.authentication.format=true"
            })
    void otherPropertiesOfEmailExtension(String advanced) {
        installEmailExtension();
        emailExtension.first.advanced = advanced;
        assertEquals(List.of(), advice());
        assertTrue(refusal().contains("is not authorized"), refusal());
    }

    @Test
    void noTokenWithoutTls() {
        installEmailExtension();
        emailExtension.first.tls = false;
        assertTrue(refusal().contains("connects without TLS"), refusal());
    }

    /** What a build is told; the account is not authorized, which is checked last. */
    private String refusal() {
        AccountCredentials credentials = AccountCredentials.of(
                "oauth-mail-" + JenkinsRig.ACCOUNT,
                new InMemoryJob("nightly"),
                new HostnamePortRequirement(rig.smtp().host(), rig.smtp().port()));
        return assertThrows(AccountRefused.class, credentials::getPassword).getMessage();
    }

    @Test
    void emailExtensionWithoutServerAndCredentials() {
        installEmailExtension();
        emailExtension.first.host = null;
        emailExtension.first.credentials = null;
        assertAdvice("enter localhost and port " + rig.smtp().port());
    }

    @Test
    void emailExtensionWithAnAccountThatIsNotOffered() {
        installEmailExtension();
        account.setOtherPluginsMaySend(false);
        assertAdvice("not offered to other plugins");
        assertEquals(1, AccountAdvice.about(JenkinsRig.ACCOUNT).size());
        assertEquals(List.of(), AccountAdvice.about("another"));
    }

    @Test
    void additionalAccountsOfEmailExtension() {
        installEmailExtension();
        EmailExtensionAccount other = new EmailExtensionAccount();
        other.host = rig.smtp().host();
        other.port = "25";
        other.credentials = emailExtension.first.credentials;
        other.oauth = true;
        other.tls = true;
        emailExtension.others = List.of(other);
        assertAdvice("port 25");
        JenkinsLocationConfiguration.get().setAdminAddress("admin@elsewhere.test");
        other.port = emailExtension.first.port;
        assertAdvice("sends as admin@elsewhere.test");
    }

    @Test
    void systemAdminAddress() {
        installEmailExtension();
        installMailer();
        JenkinsLocationConfiguration.get().setAdminAddress(null);
        List<String> advice = advice();
        assertEquals(2, advice.size(), advice.toString());
        for (String sentence : advice) {
            assertTrue(sentence.contains("nobody@nowhere") && sentence.contains(JenkinsRig.ADDRESS), sentence);
        }
    }

    @Test
    void mailer() {
        installMailer();
        change(settings -> settings.host = null, settings -> settings.host = "127.0.0.1", "has no SMTP server");
        change(settings -> settings.port = "25", settings -> settings.port = "2525", "port 25, but the relay listens");
        change(settings -> settings.port = null, settings -> settings.port = "2525", "port 25, but the relay listens");
        change(settings -> settings.host = "::1", settings -> settings.host = "127.0.0.1", "connects to ::1");
        change(settings -> settings.user = null, settings -> settings.user = "build-mail", "does not log in");
        change(settings -> settings.user = "jenkins", settings -> settings.user = "build-mail", "as jenkins, but");
        change(settings -> settings.ssl = true, settings -> settings.ssl = false, "deselect both");
        account.setSmtpServer(null);
        change(
                settings -> settings.host = "smtp.office365.com",
                settings -> settings.host = "127.0.0.1",
                "password only");
        OAuthMailConfiguration.get().setRelayPort(null);
        assertAdvice("the relay is off");
        mailer.host = "smtp.office365.com";
        assertAdvice("enter a port for the relay");
    }

    private void change(Consumer<MailerSettings> wrong, Consumer<MailerSettings> right, String expected) {
        wrong.accept(mailer);
        assertAdvice(expected);
        right.accept(mailer);
        assertEquals(List.of(), advice());
    }

    /** The plugin's descriptor, by its name and getters. */
    public abstract static class Settings extends Descriptor<Settings.Nothing> {
        private final String id;

        Settings(String id) {
            super(Nothing.class);
            this.id = id;
        }

        @Override
        public String getId() {
            return id;
        }

        /** Descriptors describe something. */
        public static final class Nothing implements Describable<Nothing> {
            @Override
            public Descriptor<Nothing> getDescriptor() {
                throw new UnsupportedOperationException();
            }
        }
    }

    /** As in the version of the bill of materials. */
    public static final class EmailExtension extends Settings {
        private final EmailExtensionAccount first = new EmailExtensionAccount();
        private List<EmailExtensionAccount> others = List.of();

        EmailExtension() {
            super("hudson.plugins.emailext.ExtendedEmailPublisher");
        }

        public EmailExtensionAccount getMailAccount() {
            return first;
        }

        public List<EmailExtensionAccount> getAddAccounts() {
            return others;
        }
    }

    /** An account of Email Extension. */
    public static final class EmailExtensionAccount {
        private String host;
        private String port;
        private String credentials;
        private boolean oauth;
        private boolean tls;
        private String advanced;

        public String getAdvProperties() {
            return advanced;
        }

        public String getSmtpHost() {
            return host;
        }

        public String getSmtpPort() {
            return port;
        }

        public String getCredentialsId() {
            return credentials;
        }

        public boolean isUseOAuth2() {
            return oauth;
        }

        public boolean isUseTls() {
            return tls;
        }

        public boolean isUseSsl() {
            return false;
        }
    }

    /** Without the getters that are expected. */
    public static final class UnknownVersion extends Settings {
        UnknownVersion() {
            super("hudson.plugins.emailext.ExtendedEmailPublisher");
        }
    }

    /** As in the version of the bill of materials. */
    public static final class MailerSettings extends Settings {
        private String host;
        private String port;
        private String user;
        private boolean ssl;

        MailerSettings() {
            super("hudson.tasks.Mailer");
        }

        public String getSmtpHost() {
            return host;
        }

        public String getSmtpPort() {
            return port;
        }

        public Login getAuthentication() {
            return user == null ? null : new Login(user);
        }

        public boolean getUseSsl() {
            return ssl;
        }

        public boolean getUseTls() {
            return false;
        }

        /** The user name of Mailer. */
        public record Login(String user) {
            public String getUsername() {
                return user;
            }
        }
    }
}
