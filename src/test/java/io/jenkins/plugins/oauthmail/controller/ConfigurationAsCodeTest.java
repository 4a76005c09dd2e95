package io.jenkins.plugins.oauthmail.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.ExtensionList;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.ConfigurationContext;
import io.jenkins.plugins.casc.ConfiguratorException;
import io.jenkins.plugins.casc.ConfiguratorRegistry;
import io.jenkins.plugins.casc.misc.Util;
import io.jenkins.plugins.oauthmail.config.AccountsListener;
import io.jenkins.plugins.oauthmail.config.ClientCertificate;
import io.jenkins.plugins.oauthmail.config.ClientSecret;
import io.jenkins.plugins.oauthmail.config.FederatedToken;
import io.jenkins.plugins.oauthmail.config.Grant;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.config.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The example of the documentation, applied, exported and applied again, and what is refused. */
@WithJenkins
class ConfigurationAsCodeTest {
    private static final Path DOCUMENTATION = Path.of("docs", "configuration-as-code.md");

    @TempDir
    private Path folder;

    @Test
    void documentedExampleSurvivesAnExport(JenkinsRule jenkins) throws Exception {
        apply(example());

        OAuthMailConfiguration configuration = OAuthMailConfiguration.get();
        OAuthApplication secret = configuration.application("jenkins-mail").orElseThrow();
        assertEquals("mail-secret", ((ClientSecret) secret.getClientAuthentication()).getCredentialsId());
        ClientCertificate certificate = (ClientCertificate) configuration
                .application("jenkins-mail-certificate")
                .orElseThrow()
                .getClientAuthentication();
        assertEquals("mail-certificate", certificate.getCertificateCredentialsId());
        assertEquals("mail-key", certificate.getKeyCredentialsId());
        FederatedToken federated = (FederatedToken) configuration
                .application("jenkins-mail-federated")
                .orElseThrow()
                .getClientAuthentication();
        assertEquals("/var/run/secrets/azure/tokens/azure-identity-token", federated.getTokenFile());
        assertEquals("system:serviceaccount:jenkins:controller", federated.getSubject());
        assertEquals(
                List.of("build-mail", "support", "robot"),
                configuration.getAccounts().stream().map(MailAccount::getId).toList());
        MailAccount build = configuration.account("build-mail").orElseThrow();
        assertTrue(build.mayRead("team-a/app/main") && build.mayRead("ops/mail-import"));
        assertFalse(build.mayRead("team-a/app/other"));
        assertEquals(30, build.getMaximumReadMinutes());
        MailAccount support = configuration.account("support").orElseThrow();
        assertEquals("anna@contoso.com", support.signInName());
        assertEquals(List.of("support@contoso.com", "noreply@contoso.com"), support.senders());
        assertTrue(support.maySend("helpdesk/any") && !support.maySend("other"));
        assertEquals(
                Grant.APPLICATION, configuration.account("robot").orElseThrow().getGrant());
        assertEquals(
                Transport.GRAPH, configuration.account("robot").orElseThrow().getTransport());
        assertEquals(Transport.SMTP_IMAP, support.getTransport());

        assertEquals("2027-03-01", ((ClientSecret) secret.getClientAuthentication()).getExpiresOn());
        assertEquals("jenkins-admins@contoso.com", configuration.getWarningsTo());

        String before = stored();
        String exported = exported();
        configuration.setWarningsTo(null);
        configuration.setAccounts(List.of());
        configuration.setApplications(List.of());
        apply("unclassified:\n  oauthMail:\n" + exported.indent(4));
        assertEquals(before, stored(), exported);
        assertEquals("jenkins-admins@contoso.com", configuration.getWarningsTo());
    }

    @Test
    void appliesOnceAndStoresNoClassNames(JenkinsRule jenkins) throws Exception {
        AtomicInteger heard = new AtomicInteger();
        ExtensionList.lookup(AccountsListener.class).add(0, new AccountsListener() {
            @Override
            public void changed() {
                heard.incrementAndGet();
            }
        });
        apply(example());
        assertEquals(1, heard.get());
        String file = Files.readString(jenkins.jenkins.getRootDir().toPath().resolve("oauth-mail.xml"));
        assertTrue(file.contains("<oauthMail.account>"), file);
        assertFalse(file.contains("io.jenkins"), file);
    }

    @Test
    void exportKeepsNoJob(JenkinsRule jenkins) throws Exception {
        apply(example().replace("maySend: \"**\"", "maySend: \"-\""));
        String exported = exported();
        OAuthMailConfiguration.get().setAccounts(List.of());
        apply("unclassified:\n  oauthMail:\n" + exported.indent(4));
        assertFalse(
                OAuthMailConfiguration.get().account("build-mail").orElseThrow().maySend("any"));
    }

    @Test
    void customMailResourceSurvivesAnExport(JenkinsRule jenkins) throws Exception {
        apply(withMailResource("https://mail.example.com"));
        assertEquals("https://mail.example.com/", mailResource());
        String exported = exported();
        OAuthMailConfiguration.get().setApplications(List.of());
        apply("unclassified:\n  oauthMail:\n" + exported.indent(4));
        assertEquals("https://mail.example.com/", mailResource());
        assertThrows(ConfiguratorException.class, () -> apply(withMailResource("mail.example.com")));
        assertEquals("https://mail.example.com/", mailResource());
    }

    private static String withMailResource(String value) throws Exception {
        String id = "      - id: \"jenkins-mail\"\n";
        return example().replace(id, id + "        mailResource: \"" + value + "\"\n");
    }

    private static String mailResource() {
        return OAuthMailConfiguration.get()
                .application("jenkins-mail")
                .orElseThrow()
                .getMailResource();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jenkins@contoso.com|jenkins@@contoso.com|Mail account build-mail, address: Enter a single email address",
                "id: \"robot\"|id: \"build-mail\"|Mail account build-mail, id: This ID is already in use",
                "ops/mail-import|/ops/|Mail account build-mail, mayRead: The pattern '/ops/' matches no job",
                "00001111-aaaa|0000|OAuth application jenkins-mail, clientId: A client ID looks like",
                "grant: APPLICATION|grant: SOMETHING|SOMETHING",
                "transport: GRAPH|transport: PIGEON|PIGEON",
                "transport: GRAPH|graphUrl: \"http://graph.example.com/v1.0/\"|Mail account robot, graphUrl: A connection without TLS",
                "transport: GRAPH|graphUrl: \"graph.example.com\"|Mail account robot, graphUrl: The URL of Microsoft Graph",
                "signsInAs|signInAs|signInAs",
                "Minutes: 30|Minutes: 1441|Mail account build-mail, maximumReadMinutes: Enter 1 to 1440 minutes.",
            })
    void rejectsAnInvalidElementByName(String good, String bad, String sentence, JenkinsRule jenkins) throws Exception {
        apply(example());
        String before = stored();
        String broken = example().replace(good, bad);

        ConfiguratorException refusal = assertThrows(ConfiguratorException.class, () -> apply(broken));

        StringBuilder messages = new StringBuilder();
        for (Throwable t = refusal; t != null; t = t.getCause()) {
            messages.append(t.getMessage()).append('\n');
        }
        assertTrue(messages.toString().contains(sentence), messages.toString());
        assertEquals(before, stored());
    }

    /** The YAML block of the documentation without the credentials, which belong to other plugins. */
    private static String example() throws Exception {
        String page = Files.readString(DOCUMENTATION);
        int start = page.indexOf("unclassified:\n");
        return page.substring(start, page.indexOf("```", start));
    }

    private void apply(String yaml) throws Exception {
        Path file = Files.writeString(folder.resolve("jenkins.yaml"), yaml);
        ConfigurationAsCode.get().configure(file.toString());
    }

    static String exported() throws Exception {
        return Util.toYamlString(Util.getUnclassifiedRoot(new ConfigurationContext(ConfiguratorRegistry.get()))
                .get("oauthMail"));
    }

    private static String stored() {
        OAuthMailConfiguration configuration = OAuthMailConfiguration.get();
        return Jenkins.XSTREAM2.toXML(configuration.getApplications())
                + Jenkins.XSTREAM2.toXML(configuration.getAccounts());
    }
}
