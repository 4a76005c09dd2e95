package io.jenkins.plugins.oauthmail.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.util.Secret;
import io.jenkins.inmemory.InMemoryJenkins;
import io.jenkins.plugins.oauthmail.config.ClientCertificate;
import io.jenkins.plugins.oauthmail.config.ClientSecret;
import io.jenkins.plugins.oauthmail.config.Grant;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OldFormTest {
    @TempDir
    Path home;

    @Test
    void readsActivityOfEarlierVersions() throws Exception {
        Path old = home.resolve("io.jenkins.plugins.oauthmail.config.AccountActivity.xml");
        Files.writeString(old, """
                <?xml version='1.1' encoding='UTF-8'?>
                <map>
                  <entry>
                    <string>READ builds</string>
                    <io.jenkins.plugins.oauthmail.config.AccountActivity_-LastUse>
                      <good>1000</good>
                      <trouble>
                        <sentence>Login: refused</sentence>
                        <since>2000</since>
                        <last>3000</last>
                        <passing>false</passing>
                      </trouble>
                    </io.jenkins.plugins.oauthmail.config.AccountActivity_-LastUse>
                  </entry>
                </map>
                """);
        try (InMemoryJenkins jenkins = InMemoryJenkins.start(home, null)) {
            AccountActivity activity = new AccountActivity();
            assertEquals(Optional.of(Instant.ofEpochMilli(1000)), activity.last("builds", MailUse.READ));
            assertTrue(activity.trouble("builds", MailUse.READ).isPresent());
            assertFalse(Files.exists(old));
            activity.succeeded("builds", MailUse.SEND);
            String written = Files.readString(home.resolve("oauth-mail/state/activity.xml"));
            assertTrue(written.contains("<oauthMail.lastUse>"), written);
            assertFalse(written.contains("io.jenkins"), written);
        }
    }

    @Test
    void readsAuthorizationsOfEarlierVersions() throws Exception {
        Path file = home.resolve("oauth-mail/build-mail.xml");
        Files.createDirectories(file.getParent());
        try (InMemoryJenkins jenkins = InMemoryJenkins.start(home, null)) {
            Files.writeString(
                    file, """
                    <?xml version='1.1' encoding='UTF-8'?>
                    <io.jenkins.plugins.oauthmail.config.Authorization plugin="oauth-mail@999999-SNAPSHOT">
                      <account>build-mail</account>
                      <signsInAs>jenkins@contoso.test</signsInAs>
                      <authority>https://login.contoso.test/5f0c1b4e-6f3c-4a52-9d59-7c1fd6a3c0de/</authority>
                      <clientId>00001111-aaaa-2222-bbbb-3333cccc4444</clientId>
                      <tenantId>5f0c1b4e-6f3c-4a52-9d59-7c1fd6a3c0de</tenantId>
                      <objectId>d1e38bdf-0617-3dda-84ae-f29a72386335</objectId>
                      <username>jenkins@contoso.test</username>
                      <scopes>
                        <string>https://outlook.office.com/SMTP.Send</string>
                      </scopes>
                      <authorizedBy>admin</authorizedBy>
                      <authorizedAt>1795891641619</authorizedAt>
                      <tokenCache>SECRET</tokenCache>
                      <refreshedAt>1795891641619</refreshedAt>
                      <trouble>
                        <sentence>Revoked.</sentence>
                        <since>1795891641620</since>
                        <last>1795891641630</last>
                        <passing>false</passing>
                      </trouble>
                    </io.jenkins.plugins.oauthmail.config.Authorization>
                    """.replace("SECRET", Secret.fromString("the cache").getEncryptedValue()));
            AuthorizationStore store = AuthorizationStore.get();
            Authorization read = store.find("build-mail").orElseThrow();
            assertEquals("the cache", read.tokenCache().getPlainText());
            assertEquals("Revoked.", read.getTrouble().getSentence());
            store.record(read, null);
            String written = Files.readString(file);
            assertTrue(written.contains("<oauthMail.authorization>"), written);
            assertFalse(written.contains("io.jenkins") || written.contains("Revoked."), written);
        }
    }

    @Test
    void readsTheConfigurationOfEarlierVersions() throws Exception {
        Path old = home.resolve("io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration.xml");
        Files.writeString(old, """
                <?xml version='1.1' encoding='UTF-8'?>
                <io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration plugin="oauth-mail@999999-SNAPSHOT">
                  <applications>
                    <io.jenkins.plugins.oauthmail.config.OAuthApplication>
                      <id>secret-app</id>
                      <clientId>00001111-aaaa-2222-bbbb-3333cccc4444</clientId>
                      <tenantId>5f0c1b4e-6f3c-4a52-9d59-7c1fd6a3c0de</tenantId>
                      <clientAuthentication class="io.jenkins.plugins.oauthmail.config.ClientSecret">
                        <credentialsId>mail-secret</credentialsId>
                      </clientAuthentication>
                      <cloud>CUSTOM</cloud>
                      <authority>https://localhost:39795/</authority>
                    </io.jenkins.plugins.oauthmail.config.OAuthApplication>
                    <io.jenkins.plugins.oauthmail.config.OAuthApplication>
                      <id>certificate-app</id>
                      <clientId>00001111-aaaa-2222-bbbb-3333cccc4444</clientId>
                      <tenantId>5f0c1b4e-6f3c-4a52-9d59-7c1fd6a3c0de</tenantId>
                      <clientAuthentication class="io.jenkins.plugins.oauthmail.config.ClientCertificate">
                        <certificateCredentialsId>mail-certificate</certificateCredentialsId>
                      </clientAuthentication>
                      <cloud>PUBLIC</cloud>
                    </io.jenkins.plugins.oauthmail.config.OAuthApplication>
                  </applications>
                  <accounts>
                    <io.jenkins.plugins.oauthmail.config.MailAccount>
                      <id>build-mail</id>
                      <address>jenkins@contoso.test</address>
                      <application>secret-app</application>
                      <grant>APPLICATION</grant>
                      <smtpServer>
                        <host>localhost</host>
                        <port>8195</port>
                        <security>STARTTLS</security>
                      </smtpServer>
                      <mayRead>**</mayRead>
                    </io.jenkins.plugins.oauthmail.config.MailAccount>
                  </accounts>
                  <warningsTo>anna@contoso.test</warningsTo>
                </io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration>
                """);
        Path file = home.resolve("oauth-mail.xml");
        try (InMemoryJenkins jenkins = InMemoryJenkins.start(home, null)) {
            assertConfigured();
            assertFalse(Files.exists(old));
            OAuthMailConfiguration.get().save();
            String written = Files.readString(file);
            assertTrue(written.contains("<oauthMail.configuration>"), written);
            assertFalse(written.contains("io.jenkins"), written);
        }
        try (InMemoryJenkins jenkins = InMemoryJenkins.start(home, null)) {
            assertConfigured();
        }
    }

    private static void assertConfigured() {
        OAuthMailConfiguration configuration = OAuthMailConfiguration.get();
        assertEquals("anna@contoso.test", configuration.getWarningsTo());
        assertInstanceOf(
                ClientSecret.class,
                configuration.application("secret-app").orElseThrow().getClientAuthentication());
        assertInstanceOf(
                ClientCertificate.class,
                configuration.application("certificate-app").orElseThrow().getClientAuthentication());
        MailAccount account = configuration.account("build-mail").orElseThrow();
        assertEquals(Grant.APPLICATION, account.getGrant());
        assertEquals(8195, account.getSmtpServer().getPort());
        assertTrue(account.isReadable());
    }
}
