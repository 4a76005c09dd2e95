package io.jenkins.plugins.oauthmail.steps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation")
class OldExecutionTest {
    @Test
    void aBuildThatWaitsSinceAnEarlierVersionGoesOn() throws Exception {
        MailWaiting old = new MailWaiting(null);
        old.step = new OAuthMailReadStep("builds");
        old.account = "builds";
        old.folder = "INBOX";
        old.waitFor = "1h";
        old.deadline = System.currentTimeMillis() + 3_600_000;
        old.count = 1;
        WaitForMailExecution now = (WaitForMailExecution) again(old);
        assertFalse(new String(bytes(now), StandardCharsets.ISO_8859_1).contains("MailWaiting"));
        assertEquals(WaitForMailExecution.class, again(now).getClass());
    }

    @Test
    void aBuildThatReadsSinceAnEarlierVersionGoesOn() throws Exception {
        MailReading old = new MailReading(null);
        old.step = new OAuthMailReadStep("builds");
        assertSame(ReadMailExecution.class, again(old).getClass());
    }

    private static Object again(Object old) throws Exception {
        return new ObjectInputStream(new ByteArrayInputStream(bytes(old))).readObject();
    }

    private static byte[] bytes(Object object) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }
}
