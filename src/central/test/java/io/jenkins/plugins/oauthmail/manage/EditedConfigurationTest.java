package io.jenkins.plugins.oauthmail.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.HostnamePortRequirement;
import hudson.security.ACL;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.neighbours.AccountCredentialsProvider;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One definition that somebody broke in the file does not stop the others. */
class EditedConfigurationTest {
    private static final String PLUGINS = "<otherPluginsMaySend>true</otherPluginsMaySend>";

    private JenkinsRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private Path file() {
        return rig.home().resolve("oauth-mail.xml");
    }

    private void load(String where, String broken) throws Exception {
        String xml = Files.readString(file());
        assertTrue(xml.contains(where));
        Files.writeString(file(), xml.replace(where, where + broken));
        OAuthMailConfiguration.get().load();
    }

    private void assertTheGoodOneWorks() throws Exception {
        List<AccountState> states = new MailAccountsPage().getAccounts();
        assertEquals(
                List.of(JenkinsRig.ACCOUNT),
                states.stream().map(state -> state.account().getId()).toList());
        assertEquals(1, new MailAccountsPage().getApplications().size());
        rig.send(Map.of("account", JenkinsRig.ACCOUNT, "to", JenkinsRig.ADDRESS, "subject", "x", "body", "b"));
        // Whatever another plugin looks up.
        assertEquals(
                List.of(),
                rig.jenkins()
                        .extensions(AccountCredentialsProvider.class)
                        .get(0)
                        .getCredentialsInItem(
                                StandardUsernamePasswordCredentials.class,
                                new InMemoryJob("demo/nightly"),
                                ACL.SYSTEM2,
                                List.of(new HostnamePortRequirement("mail.fabrikam.test", 587))));
    }

    private void assertReported() throws Exception {
        List<String> problems =
                Problems.at(Instant.now()).stream().map(Problem::sentence).toList();
        assertEquals(1, problems.size(), problems.toString());
        assertTrue(problems.get(0).contains("oauth-mail.xml"), problems.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<null/>",
                "<string>what</string>",
                "<oauthMail.application/>",
                "<oauthMail.account/>",
                "<oauthMail.account><address>a@contoso.test</address><application>contoso</application></oauthMail.account>",
                "<oauthMail.account><id>../x</id><address>a@contoso.test</address><application>contoso</application></oauthMail.account>",
                "<oauthMail.account><id>Build Mail</id><address>a@contoso.test</address><application>contoso</application></oauthMail.account>",
                "<oauthMail.account><id>other</id><application>contoso</application>" + PLUGINS
                        + "</oauthMail.account>",
                "<oauthMail.account><id>other</id><address>a@contoso.test</address>" + PLUGINS + "</oauthMail.account>",
                "<oauthMail.account><id>other</id><address>a@contoso.test</address><application>contoso</application>"
                        + "<smtpServer/>" + PLUGINS + "</oauthMail.account>",
                "<oauthMail.account><id>other</id><address>a@contoso.test</address><application>contoso</application>"
                        + "<smtpServer><host>mail.test</host><port>70000</port><security>TLS</security></smtpServer>"
                        + PLUGINS + "</oauthMail.account>",
                "<oauthMail.account><id>other</id><address>a@contoso.test</address><application>contoso</application>"
                        + "<smtpServer><host>mail.test</host><port>25</port><security>NONE</security></smtpServer>"
                        + PLUGINS + "</oauthMail.account>",
                "<oauthMail.account><id>other</id><address>a@contoso.test</address><application>contoso</application>"
                        + "<imapServer><port>993</port></imapServer>" + PLUGINS + "</oauthMail.account>",
                "<oauthMail.account><id>other</id><address>a@contoso.test</address><application>contoso</application>"
                        + "<maximumReadMinutes>-1</maximumReadMinutes></oauthMail.account>",
            })
    void reportsAnInvalidAccount(String broken) throws Exception {
        load("<accounts>", broken);
        assertTheGoodOneWorks();
        assertReported();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<null/>",
                "<string>what</string>",
                "<oauthMail.account/>",
                "<oauthMail.application/>",
                "<oauthMail.application><id>other</id><clientId>00001111-aaaa-2222-bbbb-3333cccc4444</clientId>"
                        + "<tenantId>contoso.test</tenantId></oauthMail.application>",
                "<oauthMail.application><id>other</id><clientId>00001111-aaaa-2222-bbbb-3333cccc4444</clientId>"
                        + "<tenantId>contoso.test</tenantId>"
                        + "<clientAuthentication class='oauthMail.clientSecret'/></oauthMail.application>",
                "<oauthMail.application><id>other</id><clientId>00001111-aaaa-2222-bbbb-3333cccc4444</clientId>"
                        + "<tenantId>contoso.test</tenantId>"
                        + "<clientAuthentication class='oauthMail.clientCertificate'/></oauthMail.application>",
                "<oauthMail.application><id>other</id><clientId>00001111-aaaa-2222-bbbb-3333cccc4444</clientId>"
                        + "<clientAuthentication class='oauthMail.clientSecret'><credentialsId>secret</credentialsId>"
                        + "</clientAuthentication></oauthMail.application>",
                "<oauthMail.application><id>other</id><clientId>00001111-aaaa-2222-bbbb-3333cccc4444</clientId>"
                        + "<tenantId>contoso.test</tenantId><cloud>CUSTOM</cloud><authority>http://x</authority>"
                        + "<clientAuthentication class='oauthMail.clientSecret'><credentialsId>secret</credentialsId>"
                        + "</clientAuthentication></oauthMail.application>",
            })
    void reportsAnInvalidApplication(String broken) throws Exception {
        load("<applications>", broken);
        assertTheGoodOneWorks();
        assertReported();
    }

    @Test
    void reportsADuplicateId() throws Exception {
        load(
                "</oauthMail.account>",
                "<oauthMail.account><id>build-mail</id><address>b@contoso.test</address>"
                        + "<application>contoso</application></oauthMail.account>");
        assertTheGoodOneWorks();
        assertReported();
        assertEquals(
                JenkinsRig.ADDRESS,
                OAuthMailConfiguration.get().getAccounts().get(0).getAddress());
    }

    /** Saving keeps only what is used. */
    @Test
    void keepsEverythingInTheFile() throws Exception {
        load("<accounts>", "<oauthMail.account><address>lost@contoso.test</address></oauthMail.account>");
        OAuthMailConfiguration.get().setAccounts(OAuthMailConfiguration.get().getAccounts());
        assertEquals(List.of(), Problems.at(Instant.now()));
        assertFalse(Files.readString(file()).contains("lost@contoso.test"));
        assertTrue(
                Files.readString(rig.home().resolve("oauth-mail.xml.unusable")).contains("lost@contoso.test"));
    }

    @Test
    void validFileCausesNoWarning() throws Exception {
        OAuthMailConfiguration.get().load();
        assertTheGoodOneWorks();
        assertEquals(List.of(), Problems.at(Instant.now()));
        assertFalse(Files.exists(rig.home().resolve("oauth-mail.xml.unusable")));
    }
}
