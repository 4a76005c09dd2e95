package io.jenkins.plugins.oauthmail.mail.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.oauthmail.mail.FolderReader;
import io.jenkins.plugins.oauthmail.mail.MailRig;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.model.FolderLook;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.mail.received.ReadBudget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The temporary files with messages that a server cannot describe. */
@Timeout(60)
class WholeMailTest {
    private static final int MANY = 5;

    private final String mark = UUID.randomUUID().toString();
    private final MailRig rig = new MailRig();

    @BeforeEach
    void start() {
        rig.breakStructure();
        rig.server.deliver(MailRig.USER, "From: a@example.com\r\nSubject: one\r\n\r\n" + mark + "\r\n");
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    /** Those of this test; others may run at the same time. */
    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "oauth-mail*.eml")) {
            for (Path file : all) {
                try {
                    if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(mark)) {
                        files.add(file);
                    }
                } catch (NoSuchFileException gone) {
                    continue;
                }
            }
        }
        return files;
    }

    private static MailQuery query(String subject) {
        return MailQuery.in("INBOX").subject(subject).build();
    }

    private static int found(FolderLook look) {
        return look.read().mails().size();
    }

    /** What is in them is as secret as the mailbox. */
    @Test
    void nobodyElseCanReadThem() throws Exception {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        try (FolderReader folder = rig.reader().folder("INBOX")) {
            folder.refresh(MANY);
            assertEquals(1, found(folder.look(query("one"), null, 0)));
            assertEquals(1, files().size());
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(files().get(0))));
        }
        assertEquals(List.of(), files());
    }

    /** Somebody waited for a message that could not be read; later, somebody else asks about all messages. */
    @Test
    void messageThatIsFetchedAgainLeavesNone() throws Exception {
        try (FolderReader folder = rig.reader().folder("INBOX")) {
            rig.server.imapScript().reply("FETCH 1 (BODY.PEEK[]", "NO Cannot convert it.");
            FolderLook first = folder.look(query("one"), null, 0);
            assertEquals(1, first.read().problems().size());
            rig.server.imapScript().clear();
            rig.server.deliver(MailRig.USER, "Subject: two\r\n\r\ntext\r\n");
            folder.refresh(1);
            assertEquals(1, found(folder.look(query("one"), first.checkpoint(), 0)));
            assertEquals(1, files().size());
            folder.refresh(MANY);
            assertEquals(2, found(folder.look(query("o"), null, 0)));
            assertTrue(files().size() <= 1, files()::toString);
        }
        assertEquals(List.of(), files());
    }

    /** A message must not be passed over because a disk was full for some minutes. */
    @Test
    void fullDiskIsNotTheFaultOfTheMessage(@TempDir Path directory) throws Exception {
        try (ImapConnection connection = ImapConnection.open(rig.server.imap(Security.NONE), Timeouts.DEFAULT)
                .loggedIn(MailRig.USER, MailRig.SHORT)) {
            ImapFolder folder = connection.examine("INBOX");
            IOException failure = assertThrows(
                    IOException.class,
                    () -> WholeMail.fetch(folder, 1, new ReadBudget(1 << 20), directory.resolve("missing")));
            MailFailure cause = assertInstanceOf(MailFailure.class, failure.getCause());
            assertTrue(cause.passing(), cause.getMessage());
            assertFalse(cause.getMessage().contains(directory.toString()), cause.getMessage());
        }
    }
}
