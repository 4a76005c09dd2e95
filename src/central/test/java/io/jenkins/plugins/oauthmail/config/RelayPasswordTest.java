package io.jenkins.plugins.oauthmail.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.util.FormValidation;
import io.jenkins.inmemory.InMemoryCredentials;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.VaultFake;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The choice of an account's password at the relay. */
class RelayPasswordTest {
    private JenkinsRig rig;
    private String clientSecret;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        rig.jenkins().credentials().add(InMemoryCredentials.secretText(CredentialsScope.SYSTEM, "relay", "password"));
        OAuthApplication application =
                OAuthMailConfiguration.get().getApplications().get(0);
        clientSecret = ((ClientSecret) application.getClientAuthentication()).getCredentialsId();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private static List<String> options(String current) {
        return RelayPassword.options(current).stream()
                .map(option -> option.value)
                .toList();
    }

    @Test
    void clientSecretsAreNotOffered() {
        assertEquals(List.of("", "relay"), options(null));
        assertEquals(FormValidation.Kind.OK, RelayPassword.check("relay").kind);
        assertEquals(FormValidation.Kind.ERROR, RelayPassword.check(clientSecret).kind);
    }

    @Test
    void whatIsChosenStaysInTheList() {
        assertEquals(
                List.of("", "relay", clientSecret),
                options(clientSecret).stream().sorted().toList());
    }

    /** The vault of anybody, as an exception of any provider comes through. */
    @Test
    void unavailableVaultIsReported() {
        VaultFake.instead(rig.jenkins()).become(VaultFake.State.THROWS);
        TokenFailure failure = assertThrows(TokenFailure.class, () -> RelayPassword.of("relay"));
        assertEquals(TokenFailure.Kind.UNREACHABLE, failure.kind());
        FormValidation said = RelayPassword.check("relay");
        assertEquals(FormValidation.Kind.ERROR, said.kind);
        assertTrue(said.getMessage().contains("cannot be read at the moment"), said.getMessage());
        assertEquals(List.of("", "relay"), options("relay"));
        assertEquals("relay", RelayPassword.name("relay"));
    }

    @Test
    void missingCredentialsAreNamedByTheirId() {
        assertEquals("gone", RelayPassword.name("gone"));
    }
}
