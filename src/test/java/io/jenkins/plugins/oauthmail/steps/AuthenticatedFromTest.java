package io.jenkins.plugins.oauthmail.steps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.util.FormValidation;
import io.jenkins.plugins.oauthmail.testing.OpenItem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticatedFromTest {
    private static FormValidation checked(String from, boolean requireAuthenticated) {
        return new OAuthMailReadStep.DescriptorImpl().doCheckFrom(OpenItem.item(), from, requireAuthenticated);
    }

    /** Whoever owns a domain can have addresses that contain any text. */
    @ParameterizedTest
    @ValueSource(strings = {"contoso.com", "anna", "anna@"})
    void warnsAboutTextsThatAnyAddressMayContain(String from) {
        FormValidation said = checked(from, true);
        assertEquals(FormValidation.Kind.WARNING, said.kind, from);
        assertTrue(said.getMessage().contains("contains " + from), said.getMessage());
        assertEquals(FormValidation.Kind.OK, checked(from, false).kind, from);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "anna@contoso.com", "@contoso.com", "Anna <anna@contoso.com>"})
    void acceptsAddressesAndDomains(String from) {
        assertEquals(FormValidation.Kind.OK, checked(from, true).kind, from);
    }
}
