package io.jenkins.plugins.oauthmail.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.oauthmail.mail.model.Security;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldRulesTest {
    private static final String GUID = "00001111-aaaa-2222-BBBB-3333cccc4444";

    @ParameterizedTest
    @ValueSource(strings = {"a", "build-mail", "0", "team-a-2"})
    void acceptsValidIds(String id) {
        assertNull(FieldRules.id(id));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "-a", "Build", "a b", "a/b", "..", "a.xml", "ä"})
    void rejectsInvalidIds(String id) {
        assertNotNull(FieldRules.id(id));
    }

    @Test
    void limitsIdsTo63Characters() {
        assertNull(FieldRules.id("a".repeat(63)));
        assertNotNull(FieldRules.id("a".repeat(64)));
    }

    @Test
    void requiresClientIdsToBeGuids() {
        assertNull(FieldRules.clientId(GUID));
        assertNotNull(FieldRules.clientId("jenkins"));
        assertNotNull(FieldRules.clientId(GUID + "0"));
        assertNotNull(FieldRules.clientId(null));
    }

    @ParameterizedTest
    @ValueSource(strings = {GUID, "contoso.onmicrosoft.com", "contoso.com"})
    void acceptsValidTenants(String tenant) {
        assertNull(FieldRules.tenantId(tenant));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {"", "contoso", "common", "contoso.com/x", "https://contoso.com", "contoso..com", "../x.com"})
    void rejectsInvalidTenants(String tenant) {
        assertNotNull(FieldRules.tenantId(tenant));
    }

    @Test
    void requiresAuthorityForCustomCloudOnly() {
        assertNull(FieldRules.authority(Cloud.PUBLIC, null, "contoso.com"));
        assertNotNull(FieldRules.authority(Cloud.CUSTOM, null, "contoso.com"));
        assertNull(FieldRules.authority(Cloud.CUSTOM, "https://login.example.com:8443/", "contoso.com"));
        assertNull(FieldRules.authority(Cloud.CUSTOM, "https://login.example.com", "contoso.com"));
        assertNull(FieldRules.authority(Cloud.CUSTOM, "https://login.example.com/contoso.com/", "contoso.com"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://login.example.com/",
                "login.example.com",
                "https://u:p@x.com/",
                "https://x.com/?a=b",
                "https:///",
                "https://login.example.com/other/",
                "https://login.example.com:99999/",
                "https://login.example.com:0"
            })
    void rejectsInvalidAuthorities(String authority) {
        assertNotNull(FieldRules.authority(Cloud.CUSTOM, authority, "contoso.com"));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {"", "https://outlook.office.com/", "https://outlook.office.com", "https://contoso.com/mail/"})
    void acceptsValidMailResources(String resource) {
        assertNull(FieldRules.mailResource(resource));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "outlook.office.com",
                "http://outlook.office.com/",
                "https:///",
                "https:x",
                "https://u:p@outlook.office.com/",
                "https://outlook.office.com/?a=b",
                "https://outlook.office.com/#a",
                "https://outlook.office.com/ https://graph.microsoft.com/",
                "https://outlook.office.com/.default",
                "https://outlook.office.com/SMTP.Send/",
                "https://outlook.office.com/IMAP.AccessAsUser.All"
            })
    void rejectsInvalidMailResources(String resource) {
        assertNotNull(FieldRules.mailResource(resource));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jenkins@contoso.com", "o'neil+ci@mail.contoso.com"})
    void acceptsValidAddresses(String address) {
        assertNull(FieldRules.address(address));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "jenkins",
                "Jenkins <jenkins@contoso.com>",
                "a@b@c",
                "a@b\r\nBcc: x@y",
                "a b@c.com",
                "a..b@c.com",
                ".a@c.com",
                "a@b..com"
            })
    void rejectsInvalidAddresses(String address) {
        assertNotNull(FieldRules.address(address));
    }

    @Test
    void signInNameIsOptional() {
        assertNull(FieldRules.signInName(null));
        assertNull(FieldRules.signInName("somebody@contoso.com"));
        assertNotNull(FieldRules.signInName("CONTOSO\\somebody"));
    }

    @Test
    void rejectsHostsWithPortOrPath() {
        assertNull(FieldRules.host("smtp.office365.com"));
        assertNull(FieldRules.host("127.0.0.1"));
        assertNotNull(FieldRules.host("smtp.office365.com:587"));
        assertNotNull(FieldRules.host("https://smtp.office365.com"));
        assertNotNull(FieldRules.host(""));
    }

    @Test
    void checksBoundsOfNumbers() {
        assertNull(FieldRules.port(587));
        assertNotNull(FieldRules.port(0));
        assertNotNull(FieldRules.port(65536));
        assertNull(FieldRules.messageSize(150));
        assertNotNull(FieldRules.messageSize(0));
        assertNotNull(FieldRules.messageSize(151));
    }

    @Test
    void rejectsCommasWithoutAddresses() {
        assertNull(FieldRules.addresses("a@b.example, c@d.example"));
        assertNotNull(FieldRules.addresses(","));
        assertNotNull(FieldRules.addresses("a@b.example,,"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[::1]", "[2001:db8::1]", "a_b:25", "a..b/"})
    void rejectsForbiddenHostsWhileTyping(String host) {
        assertNotNull(FieldRules.host(host), host);
        InvalidConfiguration refusal =
                assertThrows(InvalidConfiguration.class, () -> new MailServer(host, 993, Security.TLS)
                        .validate("Mail account a", "imapServer"));
        assertEquals("imapServer.host", refusal.field(), refusal.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"::1", "2001:db8::1", "127.0.0.1", "smtp.office365.com"})
    void acceptsHostNamesAndIpAddresses(String host) {
        assertNull(FieldRules.host(host));
        new MailServer(host, 993, Security.TLS).validate("Mail account a", "imapServer");
    }
}
