package io.jenkins.plugins.oauthmail.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.common.StandardCertificateCredentials;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import hudson.util.FormValidation;
import io.jenkins.inmemory.InMemoryCredentials;
import io.jenkins.inmemory.InMemoryJenkins;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.security.KeyStore;
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

    /** The same credential, which can be listed and not read. */
    private static <C extends StandardCredentials> C outOfReach(Class<C> type, C credential) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (Set.of("getSecret", "getKeyStore").contains(method.getName())) {
                        throw new IllegalStateException("the vault is sealed");
                    }
                    return method.invoke(credential, arguments);
                }));
    }
}
