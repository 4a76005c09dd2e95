package io.jenkins.plugins.oauthmail.mail.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPatternTest {
    @ParameterizedTest
    @CsvSource({
        "anna@contoso.test,            Anna@CONTOSO.test,        true",
        "Anna <anna@contoso.test>,     anna@contoso.test,        true",
        "anna@contoso.test,            joanna@contoso.test,      false",
        "anna@contoso.test,            anna@contoso.test.evil.test, false",
        "@contoso.test,                eve@CONTOSO.test,         true",
        "@contoso.test,                eve@evil-contoso.test,    false",
        "@contoso.test,                eve@sub.contoso.test,     false",
        "build@,                       build@anywhere.test,      true",
        "build@,                       rebuild@anywhere.test,    false",
        "contoso,                      eve@contoso.test,         true",
        "kim@contoso.test,             \u212Aim@contoso.test,   false",
    })
    void matchesAddresses(String pattern, String address, boolean meant) {
        assertEquals(meant, new AddressPattern(pattern).matches(address));
    }

    @ParameterizedTest
    @ValueSource(strings = {"anna@contoso.test", "@contoso.test"})
    void wholeAddressesAndDomainsAreExact(String text) {
        assertEquals(true, AddressPattern.isExact(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "anna", "anna@", "*@contoso.test", "a@b@contoso.test", "Anna <anna@contoso.test>"})
    void otherPatternsAreNotExact(String text) {
        assertEquals(false, AddressPattern.isExact(text));
    }
}
