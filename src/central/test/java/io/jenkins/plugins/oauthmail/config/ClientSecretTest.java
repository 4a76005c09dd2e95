package io.jenkins.plugins.oauthmail.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.common.StandardCertificateCredentials;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import hudson.util.FormValidation;
import io.jenkins.inmemory.InMemoryCredentials;
import io.jenkins.inmemory.InMemoryJenkins;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.plugins.oauthmail.testing.VaultFake;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import io.jenkins.plugins.oauthmail.token.entra.Fixtures;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the form says about the chosen client secret. */
class ClientSecretTest {
    @TempDir
    private Path home;

    private FormValidation check(String secret, CredentialsScope scope) throws Exception {
        try (InMemoryJenkins jenkins = InMemoryJenkins.start(home, "http://localhost:8080/")) {
            jenkins.credentials().add(InMemoryCredentials.secretText(scope, "secret", secret));
            return new ClientSecret.DescriptorImpl().doCheckCredentialsId("secret");
        }
    }

    @Test
    void acceptsASecret() throws Exception {
        assertEquals(FormValidation.Kind.OK, check("abc8Q~a.secret_value", CredentialsScope.SYSTEM).kind);
    }

    @ParameterizedTest
    @CsvSource({
        "0a1b2c3d-aaaa-bbbb-cccc-0123456789ab, ERROR, looks like the Secret ID",
        "' ', ERROR, is empty",
    })
    void reportsMistakes(String secret, FormValidation.Kind kind, String sentence) throws Exception {
        FormValidation said = check(secret, CredentialsScope.SYSTEM);
        assertEquals(kind, said.kind);
        assertTrue(said.getMessage().contains(sentence), said.getMessage());
    }

    @Test
    void warnsAboutGlobalScope() throws Exception {
        FormValidation said = check("abc8Q~a.secret_value", CredentialsScope.GLOBAL);
        assertEquals(FormValidation.Kind.WARNING, said.kind);
    }

    /** Credentials of some plugins lie in a vault elsewhere. */
    @Test
    void reportsAnUnavailableVaultAsTemporary() throws Exception {
        try (InMemoryJenkins jenkins = InMemoryJenkins.start(home, "http://localhost:8080/")) {
            jenkins.credentials()
                    .add(outOfReach(
                            StringCredentials.class,
                            InMemoryCredentials.secretText(CredentialsScope.SYSTEM, "secret", "abc8Q~a")));
            TokenFailure failure = assertThrows(TokenFailure.class, () -> new ClientSecret("secret").resolve());
            assertEquals(TokenFailure.Kind.UNREACHABLE, failure.kind());
            assertTrue(failure.getMessage().contains("'secret'"), failure.getMessage());
            FormValidation said = new ClientSecret.DescriptorImpl().doCheckCredentialsId("secret");
            assertEquals(FormValidation.Kind.ERROR, said.kind);
        }
    }

    @Test
    void reportsAnUnavailableVaultForACertificate() throws Exception {
        try (InMemoryJenkins jenkins = InMemoryJenkins.start(home, "http://localhost:8080/")) {
            jenkins.credentials()
                    .add(outOfReach(
                            StandardCertificateCredentials.class,
                            InMemoryCredentials.certificate(
                                    CredentialsScope.SYSTEM, "certificate", KeyStore.getInstance("PKCS12"), "")));
            ClientCertificate certificate = new ClientCertificate("certificate");
            assertEquals(Optional.empty(), certificate.expiry());
            TokenFailure failure = assertThrows(TokenFailure.class, certificate::resolve);
            assertEquals(TokenFailure.Kind.UNREACHABLE, failure.kind());
        }
    }

    /** A certificate that can be listed, but whose password is in the vault. */
    @Test
    void reportsAnUnavailableVaultForAPassword() throws Exception {
        try (InMemoryJenkins jenkins = InMemoryJenkins.start(home, "http://localhost:8080/")) {
            jenkins.credentials()
                    .add(outOfReach(
                            StandardCertificateCredentials.class,
                            InMemoryCredentials.certificate(
                                    CredentialsScope.SYSTEM,
                                    "certificate",
                                    Fixtures.keyStore("key-and-certificate.p12"),
                                    Fixtures.PASSPHRASE),
                            "getPassword"));
            TokenFailure failure =
                    assertThrows(TokenFailure.class, () -> new ClientCertificate("certificate").resolve());
            assertEquals(TokenFailure.Kind.UNREACHABLE, failure.kind());
        }
    }

    @Test
    void reportsAnUnavailableVaultForAPassphrase() throws Exception {
        try (InMemoryJenkins jenkins = InMemoryJenkins.start(home, "http://localhost:8080/")) {
            jenkins.credentials()
                    .add(InMemoryCredentials.certificate(
                            CredentialsScope.SYSTEM,
                            "certificate",
                            Fixtures.keyStore("certificate-only.p12"),
                            Fixtures.PASSPHRASE));
            jenkins.credentials()
                    .add(outOfReach(
                            SSHUserPrivateKey.class,
                            InMemoryCredentials.sshKey(CredentialsScope.SYSTEM, "key", List.of("a key"), null),
                            "getPassphrase"));
            ClientCertificate certificate = new ClientCertificate("certificate");
            certificate.setKeyCredentialsId("key");
            TokenFailure failure = assertThrows(TokenFailure.class, certificate::resolve);
            assertEquals(TokenFailure.Kind.UNREACHABLE, failure.kind());
        }
    }

    /** The exception of any provider comes through, even if it has nothing to do with the credential. */
    @Test
    void reportsCredentialsThatCannotBeListedAsTemporary() throws Exception {
        try (InMemoryJenkins jenkins = InMemoryJenkins.start(home, "http://localhost:8080/")) {
            jenkins.credentials().add(InMemoryCredentials.secretText(CredentialsScope.GLOBAL, "secret", "abc8Q~a"));
            VaultFake vault = VaultFake.instead(jenkins);
            ClientSecret secret = new ClientSecret("secret");
            ClientSecret.DescriptorImpl form = new ClientSecret.DescriptorImpl();
            assertEquals(Optional.of("secret"), secret.globalCredential());
            assertEquals(List.of("secret"), options(form));
            vault.become(VaultFake.State.THROWS);
            TokenFailure failure = assertThrows(TokenFailure.class, secret::resolve);
            assertEquals(TokenFailure.Kind.UNREACHABLE, failure.kind());
            assertTrue(failure.getMessage().contains("'secret' cannot be read at the moment"), failure.getMessage());
            secret.track(new InMemoryJob("demo/deploy").build());
            assertEquals(Optional.empty(), secret.globalCredential());
            assertFalse(ClientAuthentication.isSystemCredentialStored());

            FormValidation said = form.doCheckCredentialsId("secret");
            assertEquals(FormValidation.Kind.ERROR, said.kind);
            assertTrue(said.getMessage().contains("cannot be read at the moment"), said.getMessage());
            assertEquals(List.of("secret"), options(form), "what is selected stays selected");
            FormValidation none = form.doCheckCredentialsId("");
            assertEquals(FormValidation.Kind.WARNING, none.kind);
            assertTrue(none.getMessage().contains("cannot be listed at the moment"), none.getMessage());
        }
    }

    private static List<String> options(ClientSecret.DescriptorImpl form) {
        return form.doFillCredentialsIdItems("secret").stream()
                .map(option -> option.value)
                .toList();
    }

    @Test
    void saysThatACredentialIsNotListed() throws Exception {
        try (InMemoryJenkins jenkins = InMemoryJenkins.start(home, "http://localhost:8080/")) {
            jenkins.credentials().add(InMemoryCredentials.secretText(CredentialsScope.SYSTEM, "secret", "abc8Q~a"));
            VaultFake.instead(jenkins).become(VaultFake.State.LISTS_NOTHING);
            TokenFailure failure = assertThrows(TokenFailure.class, () -> new ClientSecret("secret").resolve());
            assertEquals(TokenFailure.Kind.CREDENTIAL_MISSING, failure.kind());
            assertTrue(failure.getMessage().contains("There is no credential 'secret'"), failure.getMessage());
            FormValidation said = new ClientSecret.DescriptorImpl().doCheckCredentialsId("secret");
            assertEquals(FormValidation.Kind.ERROR, said.kind);
            assertTrue(said.getMessage().startsWith("There is no credential"), said.getMessage());
        }
    }

    private static <C extends StandardCredentials> C outOfReach(Class<C> type, C credential) {
        return outOfReach(type, credential, "getSecret", "getKeyStore");
    }

    /** The same credential, which can be listed and not read. */
    private static <C extends StandardCredentials> C outOfReach(Class<C> type, C credential, String... methods) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (Set.of(methods).contains(method.getName())) {
                        throw new IllegalStateException("the vault is sealed");
                    }
                    return method.invoke(credential, arguments);
                }));
    }
}
