package io.jenkins.plugins.oauthmail.approval;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.thoughtworks.xstream.io.xml.PrettyPrintWriter;
import hudson.util.XStream2;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A build that holds one character that is not allowed in XML cannot be saved any more. */
class StoredApprovalTest {
    private static void assertStorable(Object record) {
        // As the real Jenkins writes it.
        assertDoesNotThrow(() ->
                new XStream2().marshal(record, new PrettyPrintWriter(new StringWriter(), PrettyPrintWriter.XML_1_1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "\uFFFE", "\uFFFF", "\uD800", "\uDC00"})
    void storesTextOfOthers(String bad) {
        String text = "a" + bad + "b";
        Vote vote = new Vote("YES", "ann", text, Vote.How.MAIL, 1, text, text);
        assertStorable(vote);
        assertEquals("a\uFFFDb", vote.getComment());
        assertStorable(new RejectedAnswer(text, text, 1, text));
        Approver approver = Approver.user("ann", null);
        approver.notAsked(text, true);
        assertStorable(approver);
        assertStorable(new Question("q", "account", text, text, List.of("YES", "NO"), 1, Instant.EPOCH, Instant.EPOCH));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD83D\uDE00", "\u00e9", "\uFFFD", "\uE000"})
    void keepsOtherText(String good) {
        Vote vote = new Vote("YES", null, "ann@contoso.com", Vote.How.MAIL, 1, good, null);
        assertEquals(good, vote.getComment());
    }
}
