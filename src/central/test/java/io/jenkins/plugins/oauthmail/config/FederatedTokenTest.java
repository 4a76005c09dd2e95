package io.jenkins.plugins.oauthmail.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.AbortException;
import hudson.util.FormValidation;
import hudson.util.Secret;
import io.jenkins.inmemory.InMemoryCredentials;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.account.TokenSources;
import io.jenkins.plugins.oauthmail.manage.Notice;
import io.jenkins.plugins.oauthmail.testing.FederatedIssuer;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import io.jenkins.plugins.oauthmail.token.TokenSource;
import java.io.File;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application without a secret, at a token server that trusts somebody else's tokens. */
class FederatedTokenTest {
    private static final String SUBJECT = "system:serviceaccount:jenkins:controller";
    private static final Map<String, Object> MAIL =
            Map.of("account", JenkinsRig.ACCOUNT, "to", JenkinsRig.ADDRESS, "subject", "x");

    private final FederatedIssuer issuer = new FederatedIssuer("https://issuer.example.test/oidc");

    @TempDir
    private Path temp;

    private Path allowed;
    private JenkinsRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.open();
        rig.entra().register(rig.registration().withSecrets().withFederations(issuer.trust(SUBJECT)));
        rig.entra().grantMailbox(JenkinsRig.CLIENT_ID, JenkinsRig.ADDRESS);
        allowed = Files.createDirectories(temp.resolve("secrets"));
        System.setProperty(TokenFile.DIRECTORIES, allowed.toString());
    }

    @AfterEach
    void close() throws Exception {
        System.clearProperty(TokenFile.DIRECTORIES);
        rig.close();
    }

    @Test
    void sendsWithATokenOfACredentialWithBothGrants() throws Exception {
        rig.entra().register(rig.registration().withSecrets().withFederations(issuer.trustOnce(SUBJECT)));
        rig.define(ofCredential(() -> issuer.issue(SUBJECT)));
        Notice notice = rig.authorizeAs(JenkinsRig.ADDRESS);
        assertTrue(notice.good(), notice.text());
        assertEquals(List.of(JenkinsRig.ADDRESS), rig.send(MAIL).get("accepted"));
        useApplicationGrant();
        assertEquals(List.of(JenkinsRig.ADDRESS), rig.send(MAIL).get("accepted"));
        TokenSources.get().of(JenkinsRig.ACCOUNT, MailUse.SEND).refresh();
        assertEquals(2, rig.entra().count("client_credentials"));
    }

    @Test
    void aFreshTokenDoesNotReplaceTheAccessToken() throws Exception {
        rig.define(ofCredential(() -> issuer.issue(SUBJECT)));
        useApplicationGrant();
        for (int i = 0; i < 5; i++) {
            TokenSources.get().of(JenkinsRig.ACCOUNT, MailUse.SEND).token();
        }
        assertEquals(1, rig.entra().count("client_credentials"));
    }

    @Test
    void aTokenThatWasUsedIsRefusedWhereItIsOnlyAcceptedOnce() throws Exception {
        rig.entra().register(rig.registration().withSecrets().withFederations(issuer.trustOnce(SUBJECT)));
        String same = issuer.issue(SUBJECT);
        rig.define(ofCredential(() -> same));
        useApplicationGrant();
        assertThrows(TokenFailure.class, () -> {
            // An answer that is lost is asked for again, so that the first of these may fail already.
            TokenSources.get().of(JenkinsRig.ACCOUNT, MailUse.SEND).refresh();
            TokenSources.get().of(JenkinsRig.ACCOUNT, MailUse.SEND).refresh();
        });
    }

    @Test
    void readsTheFileForEachExchange() throws Exception {
        Path file = write("token", issuer.issue(SUBJECT));
        rig.define(ofFile(file));
        useApplicationGrant();
        rig.send(MAIL);

        write("token", issuer.issue("somebody else"));
        TokenFailure refused = assertThrows(
                TokenFailure.class,
                () -> TokenSources.get().of(JenkinsRig.ACCOUNT, MailUse.SEND).refresh());
        assertEquals("AADSTS700213", refused.code());
        assertTrue(
                refused.getMessage().contains("enter the subject in the federated credential"), refused.getMessage());

        Path next = write("next", issuer.issue(SUBJECT));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        TokenSources.get().of(JenkinsRig.ACCOUNT, MailUse.SEND).refresh();
    }

    /** As after a restart: the access token is still good, and in the stored authorization. */
    @Test
    void readsNoFileWhileTheAccessTokenIsValid() throws Exception {
        Path file = write("token", issuer.issue(SUBJECT));
        rig.define(ofFile(file));
        Notice notice = rig.authorizeAs(JenkinsRig.ADDRESS);
        assertTrue(notice.good(), notice.text());
        Files.delete(file);
        TokenSource fresh = new TokenSources().of(JenkinsRig.ACCOUNT, MailUse.SEND);
        int before = rig.entra().calls().size();
        fresh.token();
        assertEquals(before, rig.entra().calls().size());
        TokenFailure missing = assertThrows(TokenFailure.class, fresh::refresh);
        assertEquals(TokenFailure.Kind.CREDENTIAL_MISSING, missing.kind());
        assertTrue(missing.getMessage().contains("does not exist"), missing.getMessage());
        assertEquals(before, rig.entra().calls().size());
        write("token", issuer.issue(SUBJECT));
        fresh.refresh();
        assertEquals(before + 1, rig.entra().calls().size());
    }

    @Test
    void theAudienceMayBeAList() throws Exception {
        Map<String, Object> claims = issuer.claims(SUBJECT);
        claims.put("aud", List.of(FederatedIssuer.AUDIENCE));
        rig.define(ofCredential(() -> issuer.issue(claims)));
        useApplicationGrant();
        assertEquals(List.of(JenkinsRig.ADDRESS), rig.send(MAIL).get("accepted"));
    }

    /** Kubernetes has the file in a directory that it replaces, behind two symbolic links. */
    @Test
    void followsTheLinksOfKubernetes() throws Exception {
        write("..2026_1/token", issuer.issue(SUBJECT));
        Files.createSymbolicLink(allowed.resolve("..data"), Path.of("..2026_1"));
        Path file = Files.createSymbolicLink(allowed.resolve("token"), Path.of("..data/token"));
        rig.define(ofFile(file));
        useApplicationGrant();
        TokenSources.get().of(JenkinsRig.ACCOUNT, MailUse.SEND).refresh();

        String renewed = issuer.issue(SUBJECT);
        write("..2026_2/token", renewed);
        Files.createSymbolicLink(allowed.resolve("..data_tmp"), Path.of("..2026_2"));
        Files.move(allowed.resolve("..data_tmp"), allowed.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        Files.delete(allowed.resolve("..2026_1/token"));
        TokenSources.get().of(JenkinsRig.ACCOUNT, MailUse.SEND).refresh();
        assertEquals(renewed, TokenFile.read(file.toString()));
    }

    @Test
    void explainsWhatEntraRefuses() throws Exception {
        rig.define(ofCredential(() -> issuer.issue(SUBJECT)));
        useApplicationGrant();
        FederatedIssuer other = new FederatedIssuer("https://other.example.test");
        FederatedIssuer impostor = new FederatedIssuer(issuer.url());
        assertRefused("AADSTS700211", "enter the issuer", other.trust(SUBJECT));
        assertRefused("AADSTS700213", "enter the subject", issuer.trust("another"));
        assertRefused(
                "AADSTS700212", "enter the same audience", new FederatedIssuer.Trust(issuer, SUBJECT, "else", false));
        assertRefused("AADSTS50013", "can be read from the internet", impostor.trust(SUBJECT));
        assertRefused("AADSTS70025", "add one in the app registration");
    }

    private void assertRefused(String code, String fix, FederatedIssuer.Trust... trust) {
        rig.entra().register(rig.registration().withSecrets().withFederations(trust));
        TokenFailure failure = assertThrows(
                TokenFailure.class,
                () -> TokenSources.get().of(JenkinsRig.ACCOUNT, MailUse.SEND).refresh());
        assertEquals(code, failure.code());
        assertTrue(failure.getMessage().contains(fix), failure.getMessage());
    }

    @Test
    void anExpiredTokenIsNotSent() throws Exception {
        Map<String, Object> claims = issuer.claims(SUBJECT);
        claims.put("exp", 1_700_000_000L);
        rig.define(ofCredential(() -> issuer.issue(claims)));
        useApplicationGrant();
        AbortException failure = assertThrows(AbortException.class, () -> rig.send(MAIL));
        assertTrue(
                failure.getMessage()
                        .contains("The federated token of the credential 'token' expired at 2023-11-14T22:13:20Z"),
                failure.getMessage());
        assertEquals(List.of(), rig.entra().calls());
    }

    /** Such as an ordinary secret that was selected by mistake. */
    @Test
    void aTextThatIsNoTokenIsNeitherSentNorShown() throws Exception {
        rig.define(ofCredential(() -> "my database password"));
        useApplicationGrant();
        AbortException failure = assertThrows(AbortException.class, () -> rig.send(MAIL));
        assertTrue(failure.getMessage().contains("is not a signed JWT"), failure.getMessage());
        assertFalse(failure.getMessage().contains("database"), failure.getMessage());
        assertEquals(List.of(), rig.entra().calls());
    }

    @Test
    void aCredentialThatCannotIssueATokenIsReported() {
        rig.define(ofCredential(() -> {
            throw new SecurityException("An id token claim template must specify sub");
        }));
        useApplicationGrant();
        AbortException failure = assertThrows(AbortException.class, () -> rig.send(MAIL));
        assertTrue(failure.getMessage().contains("The credential 'token' cannot be read"), failure.getMessage());
    }

    @Test
    void nothingOfTheTokenIsStored() throws Exception {
        String token = issuer.issue(SUBJECT);
        rig.define(ofCredential(() -> token));
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        assertTrue(AuthorizationStore.get().find(JenkinsRig.ACCOUNT).isPresent());
        try (Stream<Path> files = Files.walk(rig.home())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertFalse(content.contains(token), file.toString());
            }
        }
    }

    @Test
    void readsNoFileOutsideTheAllowedDirectories() throws Exception {
        Path outside = Files.writeString(temp.resolve("outside"), issuer.issue(SUBJECT));
        Path directory = Files.createDirectories(temp.resolve("secrets-too"));
        Files.writeString(directory.resolve("token"), issuer.issue(SUBJECT));
        write("token", issuer.issue(SUBJECT));
        Path linkOut = Files.createSymbolicLink(allowed.resolve("link"), outside);
        Path relativeOut = Files.createSymbolicLink(allowed.resolve("relative"), Path.of("../outside"));
        Files.createSymbolicLink(allowed.resolve("dir"), directory);
        Path linkIn = Files.createSymbolicLink(temp.resolve("in"), allowed.resolve("token"));
        for (Path path : List.of(
                outside,
                directory.resolve("token"),
                linkOut,
                relativeOut,
                allowed.resolve("dir/token"),
                linkIn,
                allowed,
                temp.resolve("does-not-exist"))) {
            assertSays("is not inside a directory that tokens may be read from", path.toString());
        }
        for (String path : List.of(
                allowed + "/../outside",
                allowed + "/./token",
                "token",
                "~/token",
                "file://" + allowed + "/token",
                allowed + "/\0token",
                "../../etc/passwd")) {
            assertSays("Enter an absolute path", path);
        }
        System.clearProperty(TokenFile.DIRECTORIES);
        assertSays("/var/run/secrets.", allowed.resolve("token").toString());
    }

    @Test
    void severalDirectoriesCanBeAllowed() throws Exception {
        Path second = Files.createDirectories(temp.resolve("second"));
        Path link = Files.createSymbolicLink(temp.resolve("run"), second);
        System.setProperty(
                TokenFile.DIRECTORIES,
                String.join(
                        File.pathSeparator, " ", "relative", "/does/not/exist", link.toString(), allowed.toString()));
        write("token", "in the first");
        Files.writeString(second.resolve("token"), "in the second");
        assertEquals("in the first", TokenFile.read(allowed.resolve("token").toString()));
        assertEquals("in the second", TokenFile.read(link.resolve("token").toString()));
        assertEquals("in the second", TokenFile.read(second.resolve("token").toString()));
    }

    @Test
    void explainsAFileThatCannotBeUsed() throws Exception {
        assertSays("does not exist", allowed.resolve("missing").toString());
        Files.createSymbolicLink(allowed.resolve("dangling"), Path.of("nowhere"));
        assertSays("does not exist", allowed.resolve("dangling").toString());
        assertSays(
                "is not a regular file",
                Files.createDirectories(allowed.resolve("d")).toString());
        assertSays("is empty or too large", write("empty", " \n").toString());
        assertSays("is empty or too large", write("large", "x".repeat(70_000)).toString());
        Path loop = allowed.resolve("loop");
        Files.createSymbolicLink(loop, loop);
        assertThrows(TokenFailure.class, () -> TokenFile.read(loop.toString()));
        Assumptions.assumeTrue(
                FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        Path secret = write("secret", "x");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        Assumptions.assumeFalse(Files.isReadable(secret), "runs as root");
        assertSays("Jenkins may not read the token file", secret.toString());
    }

    private static void assertSays(String sentence, String path) {
        TokenFailure failure = assertThrows(TokenFailure.class, () -> TokenFile.read(path), path);
        assertTrue(failure.getMessage().contains(sentence), path + ": " + failure.getMessage());
    }

    @Test
    void theFormShowsWhatEntraHasToKnow() throws Exception {
        ofCredential(() -> issuer.issue(SUBJECT));
        FederatedToken.DescriptorImpl form = new FederatedToken.DescriptorImpl();
        FormValidation good = form.doCheckCredentialsId("token", "", "", "", "");
        assertEquals(FormValidation.Kind.OK, good.kind);
        for (String part : List.of(issuer.url(), SUBJECT, FederatedIssuer.AUDIENCE)) {
            assertTrue(good.getMessage().contains(part), good.getMessage());
        }
        assertEquals(FormValidation.Kind.ERROR, form.doCheckCredentialsId("token", "", "", "x", "").kind);
        assertEquals(FormValidation.Kind.ERROR, form.doCheckCredentialsId("token", "", "", "", "x").kind);
        assertEquals(FormValidation.Kind.ERROR, form.doCheckCredentialsId("token", "/f", "", "", "").kind);
        String file = write("token", issuer.issue(SUBJECT)).toString();
        assertEquals(FormValidation.Kind.OK, form.doCheckTokenFile(file, "", "", "").kind);
        assertEquals(FormValidation.Kind.OK, form.doCheckTokenFile("", "", "", "").kind);
        assertEquals(FormValidation.Kind.ERROR, form.doCheckTokenFile("/etc/passwd", "", "", "").kind);
        assertEquals(FormValidation.Kind.ERROR, form.doCheckIssuer("http://x").kind);
    }

    @Test
    void rejectsSettingsThatCannotWork() {
        FederatedToken none = new FederatedToken();
        FederatedToken both = ofFile(Path.of("/var/run/secrets/token"));
        both.setCredentialsId("token");
        FederatedToken relative = new FederatedToken();
        relative.setTokenFile("token");
        FederatedToken issuerless = ofFile(Path.of("/var/run/secrets/token"));
        issuerless.setIssuer("issuer");
        for (FederatedToken wrong : List.of(none, both, relative, issuerless)) {
            assertThrows(InvalidConfiguration.class, () -> rig.define(wrong));
        }
    }

    @Test
    void survivesARestart() {
        FederatedToken token = ofFile(Path.of("/var/run/secrets/token"));
        token.setIssuer(issuer.url());
        token.setSubject(SUBJECT);
        token.setAudience("api://AzureADTokenExchangeUSGov");
        rig.define(token);
        OAuthMailConfiguration.get().load();
        FederatedToken loaded = (FederatedToken) OAuthMailConfiguration.get()
                .application(JenkinsRig.APPLICATION)
                .orElseThrow()
                .getClientAuthentication();
        assertEquals("/var/run/secrets/token", loaded.getTokenFile());
        assertEquals(issuer.url(), loaded.getIssuer());
        assertEquals(SUBJECT, loaded.getSubject());
        assertEquals("api://AzureADTokenExchangeUSGov", loaded.getAudience());
        assertEquals(Set.of(), Set.copyOf(OAuthMailConfiguration.get().getUnusable()));
    }

    private static void useApplicationGrant() {
        MailAccount account =
                OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
        account.setGrant(Grant.APPLICATION);
        OAuthMailConfiguration.get().put(account, JenkinsRig.ACCOUNT);
    }

    private Path write(String name, String content) throws Exception {
        Path file = allowed.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private static FederatedToken ofFile(Path file) {
        FederatedToken token = new FederatedToken();
        token.setTokenFile(file.toString());
        return token;
    }

    /** A credential that answers anew each time, as that of the OpenID Connect Provider plugin does. */
    private FederatedToken ofCredential(Supplier<String> issued) {
        StringCredentials plain = InMemoryCredentials.secretText(CredentialsScope.SYSTEM, "token", "not this");
        rig.jenkins().credentials().add((StringCredentials) Proxy.newProxyInstance(
                StringCredentials.class.getClassLoader(),
                new Class<?>[] {StringCredentials.class},
                (proxy, method, arguments) -> method.getName().equals("getSecret")
                        ? Secret.fromString(issued.get())
                        : method.invoke(plain, arguments)));
        FederatedToken token = new FederatedToken();
        token.setCredentialsId("token");
        token.setIssuer(issuer.url());
        token.setSubject(SUBJECT);
        return token;
    }
}
