package io.jenkins.plugins.oauthmail.mail.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageIdTest {
    @ParameterizedTest
    @ValueSource(strings = {"1@contoso.test", "<1@contoso.test>"})
    void angleBracketsAreOptional(String text) {
        MessageId id = MessageId.parse(text).orElseThrow();
        assertEquals("<1@contoso.test>", id.value());
        assertTrue(id.isSendable());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<>", "<1@contoso.test", "1@contoso test", "<1@contoso.test><2@contoso.test>"})
    void rejectsInvalidIds(String text) {
        assertEquals(Optional.empty(), MessageId.parse(text));
        assertThrows(IllegalArgumentException.class, () -> new MessageId(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"<no-domain>", "<a@b@c>"})
    void acceptsReceivedIdsThatCannotBeSent(String text) {
        assertFalse(MessageId.parse(text).orElseThrow().isSendable());
    }

    @Test
    void tooLongIdsCannotBeSent() {
        assertFalse(new MessageId("<" + "x".repeat(251) + "@contoso.test>").isSendable());
    }

    @Test
    void findsIdsInText() {
        assertEquals(
                List.of(new MessageId("<1@contoso.test>"), new MessageId("<2>")),
                MessageId.in("2.0.0 <1@contoso.test> [x] <a b> <2>"));
        assertEquals(List.of(), MessageId.in(null));
    }
}
