package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However wrongly Exchange describes a mail, its text is read. */
class StructureFaultsTest {

    private final MailRig rig = new MailRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private ReceivedMail read(String structure) throws Exception {
        AtomicBoolean told = new AtomicBoolean();
        rig.server.imapTraits().rewrite(line -> {
            String wrong = line.replaceAll(
                    "BODYSTRUCTURE \\(.*\\)(?= UID \\d)", Matcher.quoteReplacement("BODYSTRUCTURE " + structure));
            told.compareAndSet(false, !wrong.equals(line));
            return wrong;
        });
        ReceivedMail mail = rig.reader().read(MailQuery.inbox(), null).get(0);
        assertTrue(told.get(), "the server described the mail as usual");
        return mail;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL \"7bit\" 7 1 NIL \"inline\" NIL NIL)",
                "(\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL \"7bit\" 7 1 NIL (NIL NIL) NIL NIL)",
                "(\"text\" \"plain\" (\"charset\" \"utf-8\" \"name\" NIL) NIL NIL \"7bit\" 7 1 NIL NIL NIL NIL)",
                "(\"text\" \"plain\" (\"charset\" NIL) NIL NIL \"7bit\" 7 1 NIL NIL NIL NIL)",
                "(\"text\" \"plain\" (\"charset\" \"utf-8\" \"name\" \"body.txt\") NIL NIL \"7bit\" 7 1 NIL NIL NIL NIL)",
                "(\"text\" \"plain\" (\"charset\" \"utf-8\" \"name\" \"body.txt\") NIL NIL \"7bit\" 7 1 NIL (\"inline\" (\"filename\" \"body.txt\")) NIL NIL)",
                "(\"text\" \"plain\" NIL NIL NIL \"7bit  \" 7 1 NIL NIL NIL NIL)",
                "(\"text\" \"plain\" NIL NIL NIL 7bit 7 1 NIL NIL NIL NIL)",
                "(\"text\" \"plain\" NIL NIL NIL NIL 7 1 NIL NIL NIL NIL)",
                "(\"text\" \"plain\" NIL NIL NIL \"7bit\" -1 1 NIL NIL NIL NIL)",
                "(\"text\" \"plain\" NIL NIL NIL \"7bit\" 7 1 NIL \"a description\" NIL NIL)",
                "(NIL NIL NIL NIL NIL \"7BIT\" 7 NIL NIL NIL NIL)",
                "(\"text\" NIL NIL NIL NIL \"7BIT\" 7 1 NIL NIL NIL NIL)",
                "(\"\" \"\" NIL NIL NIL \"7BIT\" 7 NIL NIL NIL NIL)",
                "(\"text\" \"\" NIL NIL NIL \"7BIT\" 7 1 NIL NIL NIL NIL)",
                "(\"html\" NIL NIL NIL NIL \"7BIT\" 7 NIL NIL NIL NIL)",
                "NIL",
                "()",
            })
    void readsAMessageOfOnePart(String structure) throws Exception {
        rig.server.deliver(MailRig.USER, "Subject: one\r\n\r\napprove\r\n");
        ReceivedMail mail = read(structure);
        assertEquals("approve", String.valueOf(mail.text()).strip());
        assertTrue(mail.attachments().isEmpty(), mail.attachments()::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(\"multipart\" \"alternative\" (\"boundary\" \"b\") NIL NIL \"7BIT\" 400 NIL NIL NIL NIL)",
                "(NIL \"alternative\" (\"boundary\" \"b\") NIL NIL)",
                "(NIL \"alternative\" (\"boundary\" \"b\") NIL NIL \"7BIT\" 400 NIL NIL NIL NIL)",
                "(\"alternative\" (\"boundary\" \"b\") NIL NIL NIL)",
            })
    void readsAMessageOfSeveralParts(String structure) throws Exception {
        rig.server.deliver(
                MailRig.USER,
                "Subject: one\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n"
                        + "Content-Type: text/plain\r\n\r\napprove\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>approve</p>\r\n--b--\r\n");
        ReceivedMail mail = read(structure);
        assertEquals("approve", String.valueOf(mail.text()).strip());
        assertEquals("<p>approve</p>", String.valueOf(mail.html()).strip());
        assertTrue(mail.attachments().isEmpty(), mail.attachments()::toString);
    }
}
