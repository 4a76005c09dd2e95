package io.jenkins.plugins.oauthmail.mail.connect;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.Draft;
import io.jenkins.plugins.oauthmail.mail.MailRig;
import io.jenkins.plugins.oauthmail.mail.SmtpLoginTest;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** However much is logged, no token is in it. */
class ProtocolTraceTest {

    private final MailRig rig = new MailRig();
    private final List<String> logged = Collections.synchronizedList(new ArrayList<>());
    private final List<Logger> loggers = List.of(
            Logger.getLogger("io.jenkins.plugins.oauthmail"),
            Logger.getLogger("io.jenkins.plugins.oauthmail.mail.protocol"),
            Logger.getLogger("org.eclipse.angus.mail"),
            Logger.getLogger("jakarta.mail"));
    private final Handler everything = new Handler() {
        @Override
        public void publish(LogRecord record) {
            logged.add(new SimpleFormatter().format(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        everything.setLevel(Level.ALL);
        for (Logger logger : loggers) {
            logger.setLevel(Level.ALL);
            logger.addHandler(everything);
        }
    }

    @AfterEach
    void stop() {
        for (Logger logger : loggers) {
            logger.setLevel(null);
            logger.removeHandler(everything);
        }
        rig.close();
    }

    private void assertNoToken(String token) {
        String all = String.join("\n", logged);
        assertFalse(all.contains(token), "a token was logged");
        assertFalse(all.contains(Xoauth2.response(MailRig.USER, token)), "a login was logged");
        assertTrue(all.contains("localhost"), "this log should have told about the connection");
    }

    @Test
    void doesNotLogLogins() throws Exception {
        rig.sender().send(new Draft().mail());
        rig.reader().read(MailQuery.inbox(), null);
        assertNoToken(MailRig.SHORT);
    }

    @Test
    void doesNotLogLoginsInTwoSteps() throws Exception {
        rig.server.accept(MailRig.USER, SmtpLoginTest.LONG);
        rig.server.imapTraits().initialResponse(false);
        rig.token(SmtpLoginTest.LONG);
        rig.sender().send(new Draft().mail());
        rig.reader().read(MailQuery.inbox(), null);
        assertNoToken(SmtpLoginTest.LONG);
    }

    @Test
    void causesOfFailuresDoNotContainTheToken() {
        rig.token("wrong-token-wrong-token");
        rig.server.smtpScript().replyAndDrop("AUTH", "535 no");
        for (MailFailure failure : new MailFailure[] {
            assertThrows(MailFailure.class, () -> rig.sender().send(new Draft().mail())),
            assertThrows(MailFailure.class, () -> rig.reader().read(MailQuery.inbox(), null))
        }) {
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            assertFalse(trace.toString().contains("wrong-token"), trace.toString());
            assertFalse(trace.toString().contains(Xoauth2.response(MailRig.USER, "wrong-token-wrong-token")));
        }
        assertNoToken("wrong-token-wrong-token");
    }
}
