package io.jenkins.plugins.oauthmail.mail.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.MailRig;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much of bodies in many parts is asked for at once. */
class TextPrefetchTest {

    private final MailRig rig = new MailRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private static String mail(int parts, String text) {
        return "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
                + ("--b\r\nContent-Type: text/plain\r\n\r\n" + text + "\r\n").repeat(parts) + "--b--\r\n";
    }

    private List<String> fetches() {
        return rig.server.imapHeard().stream()
                .filter(line -> line.contains("BODY.PEEK[") && !line.contains("HEADER") && !line.contains("[TEXT]"))
                .toList();
    }

    @Test
    void doesNotFetchPartsBeyondTheLimit() throws Exception {
        ReceivedMail mail = rig.read(null, mail(20, "0123456789abcde\r\n".repeat(25_000)));
        assertTrue(mail.text().endsWith("[truncated: only the first mebibyte is read]"));
        assertEquals(1, fetches().size(), fetches().toString());
        assertTrue(fetches().get(0).contains("BODY.PEEK[4]"), fetches().toString());
        assertTrue(!fetches().get(0).contains("BODY.PEEK[5]"), fetches().toString());
    }

    @Test
    void limitsPartsPerCommand() throws Exception {
        ReceivedMail mail = rig.read(null, mail(101, "line\r\n" + "x".repeat(500)));
        assertEquals(("line\n" + "x".repeat(500) + "\n").repeat(101).trim(), mail.text());
        // The first parts came with the envelope.
        assertEquals(2, fetches().size(), fetches().toString());
        for (String line : fetches()) {
            assertTrue(line.split("BODY.PEEK", -1).length - 1 <= 40, line);
        }
    }
}
