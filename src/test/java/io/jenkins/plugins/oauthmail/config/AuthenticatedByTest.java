package io.jenkins.plugins.oauthmail.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom an account believes. */
class AuthenticatedByTest {
    private final MailAccount account = new MailAccount("build-mail", "jenkins@contoso.test", "contoso");

    @Test
    void defaultsToExchangeIfMailIsReadFromTheCloud() {
        assertSame(AuthenticationRule.EXCHANGE, account.authenticationRule());
        account.setImapServer(new MailServer("mail.example.com", 993, Security.TLS));
        assertSame(AuthenticationRule.NONE, account.authenticationRule());
        account.setAuthenticatedBy("Exchange");
        assertSame(AuthenticationRule.EXCHANGE, account.authenticationRule());
    }

    @Test
    void acceptsNobodyOrAServer() {
        account.setAuthenticatedBy("-");
        assertFalse(account.authenticationRule().trustsAnyServer());
        account.setAuthenticatedBy(" mx.example.com ");
        assertEquals("mx.example.com", account.getAuthenticatedBy());
        assertTrue(account.authenticationRule().trustsAnyServer());
        account.validate();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mx.example.com; dmarc=pass", "a b", "--", "(x)"})
    void rejectsInvalidServerNames(String name) {
        assertNotNull(FieldRules.authenticator(name));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100_000})
    void limitsReadingTime(int megabytes) {
        assertNull(FieldRules.readSize(megabytes));
        assertNotNull(FieldRules.readSize(megabytes * 100_001));
        assertNotNull(FieldRules.readSize(0));
    }

    @ParameterizedTest
    @CsvSource({"1, true", "1440, true", "0, false", "-1, false", "1441, false"})
    void rejectsUnlimitedReadingTime(int minutes, boolean good) {
        assertEquals(good, FieldRules.readTime(minutes) == null);
        MailAccount account = new MailAccount("a", "a@contoso.com", "contoso");
        assertEquals(10, account.getMaximumReadMinutes());
        account.setMaximumReadMinutes(minutes);
        if (good) {
            account.validate();
        } else {
            InvalidConfiguration refusal = assertThrows(InvalidConfiguration.class, account::validate);
            assertTrue(
                    refusal.getMessage().contains("maximumReadMinutes: Enter 1 to 1440 minutes."),
                    refusal.getMessage());
        }
    }
}
