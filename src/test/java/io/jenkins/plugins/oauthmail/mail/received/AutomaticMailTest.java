package io.jenkins.plugins.oauthmail.mail.received;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AutomaticMailTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            false | X-Auto-Response-Suppress: DR, OOF, AutoReply
            false | X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply
            true  | X-Auto-Response-Suppress: All
            true  | Auto-Submitted: auto-replied (vacation)
            false | Auto-Submitted: no
            false | Auto-Submitted:
            true  | From: MAILER-DAEMON (Mail Delivery System)
            true  | From: Mail Delivery System <MAILER-DAEMON@example.com>
            true  | From: MAILER-DAEMON@example.com (Mail Delivery System)
            true  | From: postmaster
            false | From: Ann <ann@example.com>
            true  | X-Precedence: bulk
            true  | Precedence: auto-reply
            true  | Precedence: auto_reply
            true  | Precedence: junk
            false | Precedence: list
            true  | X-Autoresponse: yes
            true  | X-Auto-Reply: yes
            true  | X-Autoreply: yes
            true  | X-Autorespond: away
            true  | Content-Type: multipart/report; report-type=delivery-status
            true  | Return-Path: <>
            true  | List-Unsubscribe: <https://x>\\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\\nList-Id: <n.x>
            true  | List-Unsubscribe: <mailto:u@x>\\nList-Id: <n.x>
            true  | List-Unsubscribe: <mailto:u@x>\\nList-Post: NO
            false | List-Unsubscribe: <mailto:u@x>\\nList-Id: <n.x>\\nList-Post: <mailto:n@x>
            false | List-Unsubscribe: <mailto:u@x>\\nList-Id: <n.x>\\nPrecedence: list
            false | List-Id: <n.x>
            """)
    void recognizesAutomaticMessages(boolean automatic, String fields) throws Exception {
        String block = fields.replace("\\n", "\r\n") + "\r\n\r\n";
        ReceivedHeaders headers =
                new ReceivedHeaders(new ByteArrayInputStream(block.getBytes(StandardCharsets.US_ASCII)));
        assertEquals(automatic, AutomaticMail.is(headers), fields);
    }

    @ParameterizedTest
    @CsvSource({"\ufeffSubject: x", "\ufeffSUBJECT : x"})
    void ignoresAByteOrderMark(String field) throws Exception {
        ReceivedHeaders headers =
                new ReceivedHeaders(new ByteArrayInputStream((field + "\r\n\r\n").getBytes(StandardCharsets.UTF_8)));
        assertEquals("x", headers.subject());
    }
}
