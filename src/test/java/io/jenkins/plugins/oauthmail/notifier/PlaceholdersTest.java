package io.jenkins.plugins.oauthmail.notifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceholdersTest {
    private static final Map<String, String> VARIABLES =
            Map.of("NAME", "value", "a.b", "dotted", "EVIL", "$NAME ${NAME} $$", "EMPTY", "");

    private final List<String> asked = new ArrayList<>();
    private final Placeholders placeholders = new Placeholders((token, name) -> {
        asked.add(token);
        return name == null ? null : VARIABLES.get(name);
    });

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "plain         | plain",
                "$NAME         | <value>",
                "x${NAME}y     | x<value>y",
                "$NAME.z       | <value>.z",
                "${a.b}        | <dotted>",
                "$$NAME        | $NAME",
                "5$            | 5$",
                "$ NAME        | $ NAME",
                "${NAME        | ${NAME",
                "${}           | ${}",
                "$OTHER        | $OTHER",
                "${OTHER}      | ${OTHER}",
                "$EVIL         | <$NAME ${NAME} $$>",
                "[$EMPTY]      | [<>]",
                "$NAME$NAME    | <value><value>",
                "Use ${ here. ${NAME}      | Use ${ here. <value>",
                "Use ${here ${NAME}        | Use ${here <value>",
                "${${NAME}}                | ${<value>}",
                "${X, y=\"broken} ${NAME}   | ${X, y=\"broken} <value>",
            })
    void replacesOnce(String text, String filled) throws Exception {
        assertEquals(filled, placeholders.fill(text, value -> "<" + value + ">"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "`a ${CHANGES, format=\"{%a}\"} b` | `${CHANGES, format=\"{%a}\"}`",
                "`a ${X, y=\"\\\"}\"} b`          | `${X, y=\"\\\"}\"}`",
                "`${X:0:7}}`                      | `${X:0:7}`",
                "`${ENV,var=\"A\"}${`             | `${ENV,var=\"A\"}`",
            })
    void passesWholeMacros(String text, String macro) throws Exception {
        assertEquals(text, placeholders.fill(text, value -> value));
        assertEquals(List.of(macro), asked);
    }

    @Test
    void keepsNull() throws Exception {
        assertNull(placeholders.fill(null, value -> value));
    }

    /** Placeholders without an end, each of which was once searched up to the end of the text. */
    @ParameterizedTest
    @ValueSource(strings = {"${a\\", "${a\\\"", "${a\"\\\"", "${a ", "${", "$", "${a\"\""})
    void takesTimeLinearInTheLengthOfTheText(String unit) {
        String text = unit.repeat((2 << 20) / unit.length());
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> placeholders.fill(text, value -> value).length());
    }
}
