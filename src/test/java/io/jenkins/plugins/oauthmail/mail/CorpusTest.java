package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.testing.mail.Dovecot;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import jakarta.mail.Flags;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * The mails of Apache Mime4j's tests, some of which its authors took from MIME-tools': real ones and broken ones, with
 * the content of each part as Mime4j reads it. Each is read by the parts that a server describes, and whole.
 */
class CorpusTest {
    private static final List<String> FOLDERS = List.of("testmsgs/", "mimetools-testmsgs/");

    /** Where no header is, Mime4j takes the first line for the body, and mail servers for a broken header. */
    private static final Set<String> READ_OTHERWISE =
            Set.of("malformedHeaderStartsBody-nocrlfcrlf.msg", "malformedHeaderStartsBody-noheader.msg");

    /** Dovecot looks at the beginning of a boundary only, and does not find one behind two semicolons. */
    private static final Set<String> DOVECOT_READS_OTHERWISE =
            Set.of("very-long-boundary.msg", "very-very-long-boundary.msg", "double-semicolon.msg");

    /** Nobody can undo it, so the file is kept as it came, and said to be. */
    private static final String UNKNOWN_ENCODING = "x-gzip64.msg";

    private static MailRig rig;
    private static Dovecot dovecot;

    @BeforeAll
    static void start() {
        rig = new MailRig();
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
        if (dovecot != null) {
            dovecot.close();
        }
    }

    static Stream<String> mails() throws IOException {
        List<String> names = new ArrayList<>();
        for (String folder : FOLDERS) {
            URL url = CorpusTest.class.getClassLoader().getResource(folder);
            try (JarFile jar = ((JarURLConnection) url.openConnection()).getJarFile()) {
                jar.stream()
                        .map(entry -> entry.getName())
                        .filter(name -> name.startsWith(folder) && name.endsWith(".msg"))
                        .forEach(names::add);
            }
        }
        assertTrue(names.size() > 70, names.toString());
        return names.stream();
    }

    /** GreenMail describes what Jakarta Mail makes of a mail, so that nothing but the failures is of interest. */
    @ParameterizedTest
    @MethodSource("mails")
    void readsMessagesByParts(String name) throws Exception {
        rig.server.imapTraits().rewrite(line -> line);
        rig.server.deliver(MailRig.USER, "INBOX", resource(name), Instant.now(), new Flags());
        assertEquals(1, read(rig.reader(), new ArrayList<>()).size());
    }

    @ParameterizedTest
    @MethodSource("mails")
    void readsWholeMessagesCompletely(String name) throws Exception {
        rig.breakStructure();
        rig.server.deliver(MailRig.USER, "INBOX", resource(name), Instant.now(), new Flags());
        assertComplete(name, rig.reader(), Set.of());
    }

    @ParameterizedTest
    @MethodSource("mails")
    void readsMessagesFromDovecotCompletely(String name) throws Exception {
        if (dovecot == null) {
            dovecot = Dovecot.start();
        }
        String user = "mail" + Integer.toHexString(name.hashCode()) + "@example.com";
        dovecot.deliver(user, resource(name));
        Mailbox mailbox = new Mailbox(
                user,
                dovecot.smtp(),
                dovecot.imap(),
                () -> new AccessToken(
                        dovecot.tokens().good(user, 600), Instant.now().plusSeconds(3600)),
                0);
        assertComplete(
                name,
                new MailReader(mailbox, AuthenticationRule.NONE, 100 << 20, Duration.ofMinutes(10)),
                DOVECOT_READS_OTHERWISE);
    }

    private static List<ReceivedMail> read(MailReader reader, List<String> contents) throws Exception {
        AttachmentSink sink = (id, file, content) -> {
            contents.add(new String(content.readAllBytes(), StandardCharsets.ISO_8859_1));
            return file;
        };
        return reader.read(MailQuery.in("INBOX").limit(1).build(), sink);
    }

    private static void assertComplete(String name, MailReader reader, Set<String> otherwise) throws Exception {
        List<String> contents = new ArrayList<>();
        ReceivedMail mail = read(reader, contents).get(0);
        contents.add(String.valueOf(mail.text()));
        contents.add(String.valueOf(mail.html()));
        String file = name.substring(name.indexOf('/') + 1);
        boolean alike = !READ_OTHERWISE.contains(file) && !otherwise.contains(file);
        String all = squeezed(String.join("", contents));
        for (String leaf : leaves(name)) {
            assertTrue(
                    all.contains(squeezed(leaf)) == alike,
                    () -> name + ": " + leaf + "\n--- is not in ---\n" + contents);
        }
        mail.attachments().forEach(each -> assertEquals(file.equals(UNKNOWN_ENCODING), each.problem() != null, name));
    }

    private static String squeezed(String text) {
        return text.replaceAll("[^!-~]+", "");
    }

    /** What Mime4j finds in the parts that are not within another mail. */
    private static List<String> leaves(String name) throws Exception {
        String base = name.substring(0, name.length() - ".msg".length());
        Element root;
        try (InputStream in = CorpusTest.class.getClassLoader().getResourceAsStream(base + "_decoded.xml")) {
            root = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(in)
                    .getDocumentElement();
        }
        List<String> leaves = new ArrayList<>();
        collect(root, base.substring(0, base.indexOf('/') + 1), leaves);
        return leaves;
    }

    private static void collect(Node node, String folder, List<String> leaves) throws IOException {
        for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element
                    && Set.of("text-body", "binary-body").contains(element.getTagName())) {
                leaves.add(new String(resource(folder + element.getAttribute("name")), StandardCharsets.ISO_8859_1));
            } else if (!child.getNodeName().equals("message")) {
                collect(child, folder, leaves);
            }
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = CorpusTest.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new UncheckedIOException(new IOException("missing: " + name));
            }
            return in.readAllBytes();
        }
    }
}
