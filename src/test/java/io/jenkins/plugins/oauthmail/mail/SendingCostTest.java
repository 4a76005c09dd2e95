package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jenkins.plugins.oauthmail.testing.mail.OnBothServers;
import io.jenkins.plugins.oauthmail.testing.mail.ServerKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Exactly which commands the units S1 to S4 of {@code docs/performance.md} need, with a token of usual length. The plain
 * server has the extensions of Postfix.
 */
@OnBothServers
class SendingCostTest {

    /** As long as most tokens of Entra. */
    private static final String TOKEN = "t".repeat(1800);

    private final MailRig rig = new MailRig();
    private final boolean exchange = rig.server.kind() == ServerKind.EXCHANGE;
    private final MailSender sender = rig.token(TOKEN).sender();

    @BeforeEach
    void acceptTheToken() {
        rig.server.accept(MailRig.USER, TOKEN);
        rig.server.smtpTraits().chunking(true);
    }

    @AfterEach
    void stop() {
        sender.close();
        rig.close();
    }

    /** The verbs, in order; the token in a line of its own is TOKEN. */
    private List<String> verbs() {
        return rig.server.smtpHeard().stream()
                .map(line -> line.length() > 1000 && line.indexOf(' ') < 0 ? "TOKEN" : line.split(" ", 2)[0])
                .toList();
    }

    private List<String> login() {
        return exchange ? List.of("EHLO", "AUTH", "TOKEN") : List.of("EHLO", "AUTH");
    }

    /** EHLO behind the content proves which reply belongs to it, and is sent together with it. */
    private List<String> mail(int recipients) {
        List<String> verbs = new ArrayList<>(List.of("MAIL"));
        verbs.addAll(Collections.nCopies(recipients, "RCPT"));
        verbs.addAll(exchange ? List.of("DATA", ".") : List.of("BDAT", "EHLO"));
        return verbs;
    }

    @SafeVarargs
    private void assertHeard(List<String>... parts) {
        assertEquals(Arrays.stream(parts).flatMap(List::stream).toList(), verbs());
        assertEquals(1, rig.server.smtpConnections());
    }

    @Test
    void sendsASmallMessage() throws Exception {
        sender.send(new Draft().mail());
        assertHeard(login(), mail(1));
    }

    @Test
    void sendsTwentyMessages() throws Exception {
        for (int i = 0; i < 20; i++) {
            sender.send(new Draft().mail());
        }
        List<String> mails =
                Collections.nCopies(20, mail(1)).stream().flatMap(List::stream).toList();
        assertHeard(login(), mails);
    }

    @Test
    void sendsToTenRecipients() throws Exception {
        sender.send(new Draft()
                .to(IntStream.rangeClosed(1, 10)
                        .mapToObj(i -> "dev" + i + "@example.com")
                        .toArray(String[]::new))
                .mail());
        assertHeard(login(), mail(10));
    }

    @Test
    void sendsALargeAttachment() throws Exception {
        rig.server.smtpTraits().keeping(false);
        sender.send(new Draft().attach("build.zip", new byte[1 << 20]).mail());
        assertHeard(login(), List.of("MAIL", "RCPT", "DATA", "."));
    }
}
