package io.jenkins.plugins.oauthmail.demo;

import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.model.Result;
import io.jenkins.inmemory.InMemoryCredentials;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.account.TokenSources;
import io.jenkins.plugins.oauthmail.config.ClientAuthentication;
import io.jenkins.plugins.oauthmail.config.ClientCertificate;
import io.jenkins.plugins.oauthmail.config.ClientSecret;
import io.jenkins.plugins.oauthmail.manage.Notice;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.mail.MailServerFake;
import io.jenkins.plugins.oauthmail.testing.mail.ServerKind;
import io.jenkins.plugins.oauthmail.token.entra.Fixtures;
import java.net.URI;
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
        try (JenkinsRig rig = JenkinsRig.open(new MailServerFake(ServerKind.EXCHANGE))) {
            Transcript.leg("Servers and Jenkins", () -> {
                Transcript.say("token server  " + rig.entra().origin() + " (speaks like Entra)");
                Transcript.say("mail server   SMTP " + rig.smtp() + " with STARTTLS, IMAP " + rig.imap()
                        + " with TLS; behaves like Exchange Online and takes no login but XOAUTH2");
                Transcript.say("Jenkins       in memory, redirect URI " + rig.redirectUri());
            });
            Transcript.leg("Define an application with a client secret, and an account", () -> {
                rig.jenkins()
                        .credentials()
                        .add(InMemoryCredentials.secretText(
                                CredentialsScope.SYSTEM, "entra-secret", JenkinsRig.CLIENT_SECRET));
                define(rig, new ClientSecret("entra-secret"));
            });
            Transcript.leg("Authorize: through the redirect, as a browser goes", () -> authorize(rig));
            Transcript.leg("Send and read back, in a pipeline", () -> sendAndRead(rig, "with a client secret"));
            Transcript.leg("Notify, after a freestyle build", () -> notifyOfFailure(rig));
            Transcript.leg("The same with certificate and SSH key in place of the secret", () -> {
                rig.jenkins()
                        .credentials()
                        .add(InMemoryCredentials.certificate(
                                CredentialsScope.SYSTEM,
                                "entra-certificate",
                                Fixtures.keyStore("certificate-only.p12"),
                                Fixtures.PASSPHRASE));
                rig.jenkins()
                        .credentials()
                        .add(InMemoryCredentials.sshKey(
                                CredentialsScope.SYSTEM,
                                "entra-key",
                                List.of(Fixtures.text("rsa.openssh.encrypted.pem")),
                                Fixtures.PASSPHRASE));
                ClientCertificate certificate = new ClientCertificate("entra-certificate");
                certificate.setKeyCredentialsId("entra-key");
                rig.entra().register(rig.registration().withSecrets());
                define(rig, certificate);
                authorize(rig);
                sendAndRead(rig, "with a certificate");
            });
            Transcript.leg("The token expires; the refresh token is used and rotated", () -> expire(rig));
        }
        System.out.printf("%nAll of it worked, in %.1f s.%n", (System.nanoTime() - begin) / 1e9);
    }

    private static void define(JenkinsRig rig, ClientAuthentication clientAuthentication) {
        rig.define(clientAuthentication);
        Transcript.say("application   " + JenkinsRig.APPLICATION + ", "
                + clientAuthentication.getClass().getSimpleName());
        Transcript.say("account       " + JenkinsRig.ACCOUNT + ", " + JenkinsRig.ADDRESS);
    }

    private static void authorize(JenkinsRig rig) throws Exception {
        JenkinsRig.RoundTrip trip = rig.roundTripOf(JenkinsRig.ADDRESS);
        URI away = trip.away();
        Transcript.say("to            " + away.getScheme() + "://" + away.getAuthority() + away.getPath());
        Transcript.say("back to       " + trip.back().getPath());
        Notice notice = trip.notice();
        Check.isTrue(notice != null && notice.good(), "the sign-in worked; the page says: " + notice);
        Transcript.say("the page says " + notice.text());
    }

    @SuppressWarnings("unchecked") // as the step documents it
    private static void sendAndRead(JenkinsRig rig, String how) throws Exception {
        byte[] bytes = new byte[300_000];
        new Random(how.hashCode()).nextBytes(bytes);
        Path attachment = Files.write(rig.workspace().resolve("report.bin"), bytes);
        String subject = "Grüße " + how;
        Map<String, Object> sent = rig.send(Map.of(
                "account",
                JenkinsRig.ACCOUNT,
                "to",
                JenkinsRig.ADDRESS,
                "subject",
                subject,
                "body",
                "All 42 tests passed.",
                "attachments",
                "report.bin"));
        Transcript.say("oauthMailSend accepted " + sent.get("accepted") + ", " + sent.get("messageId"));

        List<Map<String, Object>> mails = rig.read(
                Map.of("account", JenkinsRig.ACCOUNT, "unseen", true, "subject", how, "saveAttachments", "received"));
        Check.equal(1, mails.size(), "mails found");
        Map<String, Object> mail = mails.get(0);
        Check.equal(subject, mail.get("subject"), "subject");
        Check.equal("All 42 tests passed.", String.valueOf(mail.get("text")).strip(), "text");
        Check.equal(sent.get("messageId"), mail.get("messageId"), "message id");
        Map<String, Object> received = ((List<Map<String, Object>>) mail.get("attachments")).get(0);
        Check.equal("report.bin", received.get("name"), "attachment's name");
        Path saved = rig.workspace().resolve(String.valueOf(received.get("path")));
        Check.equal(-1L, Files.mismatch(attachment, saved), "first differing byte of the attachment");
        Transcript.say("oauthMailRead found it; the attachment of " + bytes.length + " bytes is the same");
    }

    private static void notifyOfFailure(JenkinsRig rig) throws Exception {
        String log = rig.notifyAbout(Result.FAILURE);
        Check.contains(log, "sent 'demo/nightly #1: FAILURE'", "build log");
        List<Map<String, Object>> mails = rig.read(Map.of("account", JenkinsRig.ACCOUNT, "subject", "FAILURE"));
        Check.equal(1, mails.size(), "notifications found");
        Transcript.say("build log     " + log.strip());
    }

    private static void expire(JenkinsRig rig) throws Exception {
        rig.entra().refreshTokensWorkOnce(true);
        rig.entra().accessTokenLife(Duration.ofMinutes(4));
        TokenSources.get().refresh(JenkinsRig.ACCOUNT);
        int refreshes = rig.entra().count("refresh_token");
        String before = Files.readString(rig.authorizationFile());
        rig.entra().advance(Duration.ofMinutes(5));
        // Exchange ends sessions with their token.
        rig.mail().drop();
        Transcript.say("five minutes later, the four minutes of the access token are over");
        sendAndRead(rig, "after the token expired");
        Check.isTrue(rig.entra().count("refresh_token") > refreshes, "a refresh took place");
        String after = Files.readString(rig.authorizationFile());
        Check.isTrue(!after.equals(before), "the rotated refresh token is stored");
        Check.isTrue(!after.contains("refresh_token") && !after.contains("RefreshToken"), "the store is encrypted");
        Transcript.say("refreshed at  "
                + AuthorizationStore.get()
                        .find(JenkinsRig.ACCOUNT)
                        .orElseThrow()
                        .getRefreshedAt()
                + "; each refresh token worked once, so the rotated one is what is stored");
    }
}
