package io.jenkins.plugins.oauthmail.token.entra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthorityTest {

    @ParameterizedTest
    @CsvSource({
        "https://login.microsoftonline.com/, contoso.com, https://login.microsoftonline.com/contoso.com/",
        "https://login.microsoftonline.com, Contoso.COM, https://login.microsoftonline.com/contoso.com/",
        "HTTPS://Login.Test:8443/, AbC-1, https://login.test:8443/abc-1/",
        "https://login.test/tenant, '', https://login.test/tenant/",
        "https://login.test/Tenant/, '', https://login.test/tenant/",
        "https://login.test/Tenant/, tenant, https://login.test/tenant/",
        "' https://login.test/ ', ' t1 ', https://login.test/t1/"
    })
    void normalizesUrls(String base, String tenant, String expected) {
        assertEquals(URI.create(expected), Authority.of(base, tenant).uri());
    }

    @ParameterizedTest
    @CsvSource({
        "http://login.test/, t1, must start with https://",
        "/login.test/, t1, must start with https://",
        "https:///, t1, names no host",
        "https://login.test/, '', names no tenant",
        "https://me:pw@login.test/, t1, must not contain a user name or password",
        "https://login.test/t1?x=1, '', must not contain ? or #",
        "https://login.test/t1#x, '', must not contain ? or #",
        "https://login.test/a/, b, 'must have exactly one path segment, the tenant'",
        "https://login.test//t1/, '', 'must have exactly one path segment, the tenant'",
        "https://login.test/ADFS/, '', must not be one of AD FS or Azure AD B2C",
        "https://login.test/, t/../x, is not a directory",
        "https://login.test/, .., is not a directory",
        "https://login test/, t1, is not a URL"
    })
    void rejectsInvalidUrlsWithASentence(String base, String tenant, String expected) {
        String said = assertThrows(IllegalArgumentException.class, () -> Authority.of(base, tenant))
                .getMessage();
        assertTrue(said.contains(expected), said);
        assertTrue(said.endsWith("."), said);
    }

    @Test
    void normalizesHoweverItIsCreated() {
        assertEquals(
                Authority.of("https://login.test:8443", "t1"), new Authority(URI.create("https://LOGIN.test:8443/T1")));
        assertEquals(
                "login.test:8443", Authority.of("https://login.test:8443", "t1").host());
    }
}
