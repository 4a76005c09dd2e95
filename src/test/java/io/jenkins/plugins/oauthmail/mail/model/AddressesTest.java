package io.jenkins.plugins.oauthmail.mail.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {

    @Test
    void parsesLists() throws Exception {
        assertEquals(List.of(), Addresses.parse("to", null));
        assertEquals(List.of(), Addresses.parse("to", "  "));
        assertEquals(
                List.of("a@example.com", "Ann Other <b@example.com>", "\"Roe, J.\" <c@example.com>"),
                Addresses.parse("to", " a@example.com, Ann Other <b@example.com>,\"Roe, J.\" <c@example.com> "));
        assertEquals(List.of("\"Jörg\" <j@example.com>"), Addresses.parse("to", "Jörg <j@example.com>"));
    }

    @Test
    void resultsCanBeParsedAgain() throws Exception {
        for (String entry :
                Addresses.parse("to", "\"Jörg, \\\"J\\\"\" <j@example.com>, =?UTF-8?Q?J=C3=B6?= <k@example.com>")) {
            assertEquals(List.of(entry), Addresses.parse("to", entry));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "root|domain",
                "a@|not an address",
                "@example.com|not an address",
                "a b@example.com|not an address",
                "a@example.com b@example.com|not an address",
                "a@example.com; b b@example.com|not an address",
                "ann, Bob <b@example.com>|domain",
                "Ann <a@example.com|not an address",
                "<<a@example.com>>|not an address",
                "team: a@example.com;|group",
                "jörg@example.com|xn--",
                "a@exämple.com|xn--",
                "a@example.com>|not an address",
            })
    void errorsNameFieldAndProblem(String list, String why) {
        MailFailure failure = assertThrows(MailFailure.class, () -> Addresses.parse("cc", list));
        assertEquals(Layer.MESSAGE, failure.layer());
        assertTrue(failure.getMessage().startsWith("Message: cc: \""), failure.getMessage());
        assertTrue(failure.getMessage().contains(why), failure.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a@example.com; b@example.com;|a@example.com, b@example.com",
                "Berg, Anna <a@example.com>; Roe, Bob <b@example.com>|\"Berg, Anna\" <a@example.com>, \"Roe, Bob\" <b@example.com>",
                "Berg, Anna <a@example.com>, Roe, Bob <b@example.com>|\"Berg, Anna\" <a@example.com>, \"Roe, Bob\" <b@example.com>",
                "Berg, Anna (Dev, Ops) <a@example.com>|\"Berg, Anna (Dev, Ops)\" <a@example.com>",
                "Roe, Bob, Jr. <b@example.com>; c@example.com|\"Roe, Bob, Jr.\" <b@example.com>, c@example.com",
                "\"Berg; B., Bob\" <d@example.com>, e@example.com|\"Berg; B., Bob\" <d@example.com>, e@example.com",
            })
    void parsesListsCopiedFromOutlook(String list, String entries) throws Exception {
        assertEquals(entries, String.join(", ", Addresses.parse("to", list)));
    }

    @Test
    void removesInvisibleCharacters() throws Exception {
        assertEquals(
                List.of("a@example.com", "Bob Roe <b@example.com>"),
                Addresses.parse(
                        "to",
                        "\ufeff\u200ba\u200b@example.com\u00a0,\u202aBob\u00a0Roe\u202c <\u202ab@example.com\u202c>\u200b"));
        assertEquals(
                "a@example.com",
                Addresses.one("to", "\u202aa@example.com\u202c").address());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@example.com\r\nBcc: b@example.com",
                "a@example.com\n",
                "a@example.com\u0000",
                "\"x\ry\" <a@example.com>",
                "a@example.com,\u0085b@example.com"
            })
    void refusesLineBreaks(String list) {
        MailFailure failure = assertThrows(MailFailure.class, () -> Addresses.parse("to", list));
        assertTrue(failure.getMessage().contains("to contains a line break"), failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"=?UTF-8?Q?x=0D=0ABcc?= <a@example.com>", "=?UTF-8?B?eA0KQmNjOiBi?= <a@example.com>"})
    void refusesLineBreaksInEncodedNames(String entry) {
        MailFailure failure = assertThrows(MailFailure.class, () -> Addresses.parse("to", entry));
        assertTrue(failure.getMessage().contains("control character in a name"), failure.getMessage());
    }
}
