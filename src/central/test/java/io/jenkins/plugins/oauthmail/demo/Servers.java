package io.jenkins.plugins.oauthmail.demo;

import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.testing.EntraApplication;
import io.jenkins.plugins.oauthmail.testing.EntraFake;
import io.jenkins.plugins.oauthmail.testing.EntraPerson;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.TestCa;
import io.jenkins.plugins.oauthmail.testing.mail.MailServerFake;
import io.jenkins.plugins.oauthmail.testing.mail.ServerKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The demo's token server and mail server by themselves, for trying the plugin in a real controller without Microsoft.
 * Prints what to fill in, and runs until it is stopped.
 */
public final class Servers {
    private static final String STRANGER = "mallory@contoso.test";
    private static final String STORE_PASSWORD = "changeit";

    private Servers() {}

    /** @param arguments the Jenkins URL of the controller, as it stands under Manage Jenkins, System */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 1 || !arguments[0].startsWith("http")) {
            System.err.println("Give the Jenkins URL, for example -Dexec.args=http://localhost:8080/jenkins/");
            System.exit(2);
        }
        Logger.getLogger("").setLevel(Level.WARNING);
        String root = arguments[0].endsWith("/") ? arguments[0] : arguments[0] + "/";
        try (EntraFake entra = EntraFake.start()
                        .add(EntraPerson.named(JenkinsRig.ADDRESS))
                        .add(EntraPerson.named(STRANGER));
                MailServerFake mail = new MailServerFake(ServerKind.EXCHANGE)) {
            entra.register(EntraApplication.of(JenkinsRig.CLIENT_ID)
                    .withSecrets(JenkinsRig.CLIENT_SECRET)
                    .withRedirectUris(
                            root + OAuthMailConfiguration.REDIRECT_PATH, OAuthMailConfiguration.PASTED_REDIRECT_URI));
            entra.grantMailbox(JenkinsRig.CLIENT_ID, JenkinsRig.ADDRESS);
            mail.mailbox(JenkinsRig.ADDRESS);
            mail.accept(entra::accepts);
            Path trust = Files.createTempFile("oauth-mail-demo-", ".p12");
            TestCa.get().writeTrustStore(trust, STORE_PASSWORD);
            System.out.println("Start the controller with these options of Java, or it trusts neither server:");
            System.out.println("  -Djavax.net.ssl.trustStore=" + trust);
            System.out.println("  -Djavax.net.ssl.trustStorePassword=" + STORE_PASSWORD);
            System.out.println("Credential    Secret text, scope System, secret: " + JenkinsRig.CLIENT_SECRET);
            System.out.println("Application   client ID " + JenkinsRig.CLIENT_ID);
            System.out.println("              tenant ID " + EntraFake.TENANT_ID);
            System.out.println("              Advanced: cloud Other, authority URL " + entra.origin() + "/");
            System.out.println("Account       address " + JenkinsRig.ADDRESS);
            System.out.println("              Advanced: SMTP server " + mail.smtp(Security.STARTTLS) + ", STARTTLS");
            System.out.println("              Advanced: IMAP server " + mail.imap(Security.TLS) + ", TLS");
            System.out.println("Sign in as    " + JenkinsRig.ADDRESS + "; " + STRANGER + " is the wrong person");
            System.out.println("Running until Ctrl-C. Nothing outside this machine can reach it.");
            new CountDownLatch(1).await();
        }
    }
}
