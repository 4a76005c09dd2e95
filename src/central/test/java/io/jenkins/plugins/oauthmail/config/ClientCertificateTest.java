package io.jenkins.plugins.oauthmail.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsScope;
import io.jenkins.inmemory.InMemoryCredentials;
import io.jenkins.inmemory.InMemoryJenkins;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import io.jenkins.plugins.oauthmail.token.entra.ClientCredential;
import io.jenkins.plugins.oauthmail.token.entra.Fixtures;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientCertificateTest {

    @TempDir
    private Path home;

    private final AtomicInteger keysRead = new AtomicInteger();
    private final ClientCertificate authentication = new ClientCertificate("certificate");

    private SSHUserPrivateKey key(String file) {
        SSHUserPrivateKey credential = InMemoryCredentials.sshKey(
                CredentialsScope.SYSTEM, "key", List.of(Fixtures.text(file)), Fixtures.PASSPHRASE);
        return (SSHUserPrivateKey) Proxy.newProxyInstance(
                SSHUserPrivateKey.class.getClassLoader(),
                new Class<?>[] {SSHUserPrivateKey.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("getPrivateKeys")) {
                        keysRead.incrementAndGet();
                    }
                    return method.invoke(credential, arguments);
                });
    }

    private void withCertificate(InMemoryJenkins jenkins, String file) {
        jenkins.credentials()
                .add(InMemoryCredentials.certificate(
                        CredentialsScope.SYSTEM, "certificate", Fixtures.keyStore(file), Fixtures.PASSPHRASE));
    }

    @Test
    void checksAPairOnceUntilItChanges() throws Exception {
        try (InMemoryJenkins jenkins = InMemoryJenkins.start(home, "http://localhost:8080/")) {
            withCertificate(jenkins, "certificate-only.p12");
            SSHUserPrivateKey before = key("rsa.openssh.encrypted.pem");
            jenkins.credentials().add(before);
            authentication.setKeyCredentialsId("key");

            ClientCredential.Certificate pair = authentication.resolve();
            for (int i = 0; i < 5; i++) {
                assertSame(pair, authentication.resolve());
            }
            assertEquals(1, keysRead.get());

            jenkins.credentials().removeIf(credential -> credential == before);
            jenkins.credentials().add(key("rsa.pkcs8.pem"));
            assertEquals(pair, authentication.resolve());
            assertEquals(2, keysRead.get());
        }
    }

    @Test
    void noticesAnotherKeyEveryTime() throws Exception {
        try (InMemoryJenkins jenkins = InMemoryJenkins.start(home, "http://localhost:8080/")) {
            withCertificate(jenkins, "certificate-only.p12");
            SSHUserPrivateKey before = key("rsa.pkcs8.pem");
            jenkins.credentials().add(before);
            authentication.setKeyCredentialsId("key");
            authentication.resolve();

            jenkins.credentials().removeIf(credential -> credential == before);
            jenkins.credentials().add(key("foreign.pkcs8.pem"));
            for (int i = 0; i < 2; i++) {
                TokenFailure failure = assertThrows(TokenFailure.class, authentication::resolve);
                assertEquals(TokenFailure.Kind.KEY_MATERIAL, failure.kind());
                assertTrue(failure.getMessage().contains("does not"), failure.getMessage());
            }

            jenkins.credentials().clear();
            withCertificate(jenkins, "certificate-only.p12");
            jenkins.credentials().add(before);
            authentication.resolve();
        }
    }

    @Test
    void noticesAnotherCertificate() throws Exception {
        try (InMemoryJenkins jenkins = InMemoryJenkins.start(home, "http://localhost:8080/")) {
            withCertificate(jenkins, "key-and-certificate.p12");
            authentication.resolve();
            assertSame(authentication.resolve(), authentication.resolve());

            jenkins.credentials().clear();
            withCertificate(jenkins, "certificate-only.p12");
            TokenFailure failure = assertThrows(TokenFailure.class, authentication::resolve);
            assertEquals(TokenFailure.Kind.KEY_MATERIAL, failure.kind());

            jenkins.credentials().clear();
            assertThrows(TokenFailure.class, authentication::resolve);
        }
    }
}
