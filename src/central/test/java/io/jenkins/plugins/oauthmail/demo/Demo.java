package io.jenkins.plugins.oauthmail.demo;

import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.model.Result;
import io.jenkins.inmemory.InMemoryCredentials;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.account.TokenSources;
import io.jenkins.plugins.oauthmail.config.ClientAuthentication;
import io.jenkins.plugins.oauthmail.config.ClientCertificate;
import io.jenkins.plugins.oauthmail.config.ClientSecret;
import io.jenkins.plugins.oauthmail.token.Fixtures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The main job from end to end, on this machine alone: sign in, send with an attachment, read it back, notify, sign in
 * with a certificate, and go on when the token has expired. Every leg checks what it got; the first difference ends the
 * program with an exception.
 */
public final class Demo {
    private Demo() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) throws Exception {
        long begin = System.nanoTime();
        Logger.getLogger("").setLevel(Level.WARNING); // the transcript says it all
        try (Stage stage = Stage.open()) {
            Transcript.leg("Servers and Jenkins", () -> {
                Transcript.say("token server  " + stage.entra().origin() + " (speaks like Entra)");
                Transcript.say("mail server   SMTP " + stage.smtp() + " with STARTTLS, IMAP " + stage.imap()
                        + " with TLS; takes no login but XOAUTH2");
                Transcript.say("Jenkins       in memory, redirect URI " + stage.redirectUri());
            });
            Transcript.leg("Define an application with a client secret, and an account", () -> {
                stage.jenkins()
                        .credentials()
                        .add(InMemoryCredentials.secretText(
                                CredentialsScope.SYSTEM, "entra-secret", Stage.CLIENT_SECRET));
                define(stage, new ClientSecret("entra-secret"));
            });
            Transcript.leg("Authorize: through the redirect, as a browser goes", stage::authorize);
            Transcript.leg("Send and read back, in a pipeline", () -> sendAndRead(stage, "with a client secret"));
            Transcript.leg("Notify, after a freestyle build", () -> notifyOfFailure(stage));
            Transcript.leg("The same with certificate and SSH key in place of the secret", () -> {
                stage.jenkins()
                        .credentials()
                        .add(InMemoryCredentials.certificate(
                                CredentialsScope.SYSTEM,
                                "entra-certificate",
                                Fixtures.keyStore("certificate-only.p12"),
                                Fixtures.PASSPHRASE));
                stage.jenkins()
                        .credentials()
                        .add(InMemoryCredentials.sshKey(
                                CredentialsScope.SYSTEM,
                                "entra-key",
                                List.of(Fixtures.text("rsa.openssh.encrypted.pem")),
                                Fixtures.PASSPHRASE));
                ClientCertificate certificate = new ClientCertificate("entra-certificate");
                certificate.setKeyCredentialsId("entra-key");
                stage.entra().register(stage.registration().withSecrets());
                define(stage, certificate);
                stage.authorize();
                sendAndRead(stage, "with a certificate");
            });
            Transcript.leg("The token expires; the refresh token is used and rotated", () -> expire(stage));
        }
        System.out.printf("%nAll of it worked, in %.1f s.%n", (System.nanoTime() - begin) / 1e9);
    }

    private static void define(Stage stage, ClientAuthentication clientAuthentication) {
        stage.define(clientAuthentication);
        Transcript.say("application   " + Stage.APPLICATION + ", "
                + clientAuthentication.getClass().getSimpleName());
        Transcript.say("account       " + Stage.ACCOUNT + ", " + Stage.ADDRESS);
    }

    @SuppressWarnings("unchecked") // as the step documents it
    private static void sendAndRead(Stage stage, String how) throws Exception {
        byte[] bytes = new byte[300_000];
        new Random(how.hashCode()).nextBytes(bytes);
        Path attachment = Files.write(stage.workspace().resolve("report.bin"), bytes);
        String subject = "Grüße " + how;
        Map<String, Object> sent = stage.send(Map.of(
                "account",
                Stage.ACCOUNT,
                "to",
                Stage.ADDRESS,
                "subject",
                subject,
                "body",
                "All 42 tests passed.",
                "attachments",
                "report.bin"));
        Transcript.say("oauthMailSend accepted " + sent.get("accepted") + ", " + sent.get("messageId"));

        List<Map<String, Object>> mails = stage.read(
                Map.of("account", Stage.ACCOUNT, "unseen", true, "subject", how, "saveAttachments", "received"));
        Check.equal(1, mails.size(), "mails found");
        Map<String, Object> mail = mails.get(0);
        Check.equal(subject, mail.get("subject"), "subject");
        Check.equal("All 42 tests passed.", String.valueOf(mail.get("text")).strip(), "text");
        Check.equal(sent.get("messageId"), mail.get("messageId"), "message id");
        Map<String, Object> received = ((List<Map<String, Object>>) mail.get("attachments")).get(0);
        Check.equal("report.bin", received.get("name"), "attachment's name");
        Path saved = stage.workspace().resolve(String.valueOf(received.get("path")));
        Check.equal(-1L, Files.mismatch(attachment, saved), "first differing byte of the attachment");
        Transcript.say("oauthMailRead found it; the attachment of " + bytes.length + " bytes is the same");
    }

    private static void notifyOfFailure(Stage stage) throws Exception {
        String log = stage.notifyAbout(Result.FAILURE);
        Check.contains(log, "sent 'demo/nightly #1: FAILURE'", "build log");
        List<Map<String, Object>> mails = stage.read(Map.of("account", Stage.ACCOUNT, "subject", "FAILURE"));
        Check.equal(1, mails.size(), "notifications found");
        Transcript.say("build log     " + log.strip());
    }

    private static void expire(Stage stage) throws Exception {
        stage.entra().refreshTokensWorkOnce(true);
        stage.entra().accessTokenLife(Duration.ofMinutes(4));
        TokenSources.get().refresh(Stage.ACCOUNT);
        int refreshes = stage.entra().count("refresh_token");
        String before = Files.readString(stage.authorizationFile());
        stage.entra().advance(Duration.ofMinutes(5));
        Transcript.say("five minutes later, the four minutes of the access token are over");
        sendAndRead(stage, "after the token expired");
        Check.isTrue(stage.entra().count("refresh_token") > refreshes, "a refresh took place");
        String after = Files.readString(stage.authorizationFile());
        Check.isTrue(!after.equals(before), "the rotated refresh token is stored");
        Check.isTrue(!after.contains("refresh_token") && !after.contains("RefreshToken"), "the store is encrypted");
        Transcript.say("refreshed at  "
                + AuthorizationStore.get().find(Stage.ACCOUNT).orElseThrow().getRefreshedAt()
                + "; each refresh token worked once, so the rotated one is what is stored");
    }
}
