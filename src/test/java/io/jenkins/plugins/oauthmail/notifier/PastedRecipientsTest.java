package io.jenkins.plugins.oauthmail.notifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists of addresses as mail programs, tables and people give them. */
class PastedRecipientsTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "a@b.c                                | a@b.c",
                "a@b.c,d@e.f                          | a@b.c, d@e.f",
                "a@b.c; d@e.f;                        | a@b.c,  d@e.f",
                "a@b.c\\nd@e.f\\r\\n\\r\\ng@h.i\\n    | a@b.c, d@e.f, g@h.i",
                ";;a@b.c,,                            | a@b.c",
                "Anna <a@b.c>;\"Berg; B., Bob\" <d@e.f> | Anna <a@b.c>, \"Berg; B., Bob\" <d@e.f>",
                "a@b.c;\\td@e.f\\u00a0                | a@b.c,  d@e.f",
                "$TEAM; ${OTHER}                      | $TEAM,  ${OTHER}",
            })
    void becomesACommaSeparatedList(String pasted, String list) {
        String typed = pasted.replace("\\n", "\n")
                .replace("\\r", "\r")
                .replace("\\t", "\t")
                .replace("\\u00a0", "\u00a0");
        assertEquals(list, Recipients.asList(typed));
    }

    @Test
    void keepsNull() {
        assertNull(Recipients.asList(null));
        assertNull(Recipients.asList(" \r\n ; , "));
    }
}
