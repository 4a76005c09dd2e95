package io.jenkins.plugins.oauthmail.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.util.FormValidation;
import io.jenkins.inmemory.InMemoryCredentials;
import io.jenkins.inmemory.InMemoryJenkins;
import java.nio.file.Path;
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
    void aSecretIsGood() throws Exception {
        assertEquals(FormValidation.Kind.OK, check("abc8Q~a.secret_value", CredentialsScope.SYSTEM).kind);
    }

    @ParameterizedTest
    @CsvSource({
        "0a1b2c3d-aaaa-bbbb-cccc-0123456789ab, ERROR, looks like the Secret ID",
        "' ', ERROR, is empty",
    })
    void aMistakeIsNamed(String secret, FormValidation.Kind kind, String sentence) throws Exception {
        FormValidation said = check(secret, CredentialsScope.SYSTEM);
        assertEquals(kind, said.kind);
        assertTrue(said.getMessage().contains(sentence), said.getMessage());
    }

    @Test
    void globalScopeIsWarnedAbout() throws Exception {
        FormValidation said = check("abc8Q~a.secret_value", CredentialsScope.GLOBAL);
        assertEquals(FormValidation.Kind.WARNING, said.kind);
    }
}
