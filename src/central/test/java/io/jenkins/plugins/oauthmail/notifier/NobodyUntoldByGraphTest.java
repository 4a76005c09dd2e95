package io.jenkins.plugins.oauthmail.notifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.FilePath;
import hudson.model.Result;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.inmemory.InMemoryRun;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.config.Transport;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import java.nio.file.Files;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As {@link NobodyUntoldTest}, with Microsoft Graph: an attachment that is refused costs the attachment only. */
class NobodyUntoldByGraphTest {
    /** Too large to be sent in one request with the message. */
    private static final int LARGE = 1_800_000;

    private NotifierRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new NotifierRig();
        rig.notifier.setFailBuild(true);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    /** @param readable whether drafts may be used, because some job may read the mailbox */
    private void useGraph(boolean readable) throws Exception {
        MailAccount account =
                OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
        account.setTransport(Transport.GRAPH);
        account.setMayRead(readable ? "demo/**" : null);
        OAuthMailConfiguration.get().put(account, JenkinsRig.ACCOUNT);
        assertTrue(rig.jenkins.authorizeAs(JenkinsRig.ADDRESS).good());
    }

    private String notifyWith(int bytes) throws Exception {
        byte[] content = new byte[bytes];
        new Random(7).nextBytes(content);
        Files.write(rig.jenkins.workspace().resolve("core.bin"), content);
        rig.notifier.setAttachments("core.bin");
        InMemoryRun build = new InMemoryJob("demo/nightly").build();
        build.setResult(Result.FAILURE);
        return rig.run(build, new FilePath(rig.jenkins.workspace().toFile()));
    }

    /** Mail.Send is enough for an account that nobody reads, but not for drafts. */
    @Test
    void sendsWithoutWhatNeedsADraft() throws Exception {
        useGraph(false);
        rig.jenkins.mail().graph().refuse("POST me/messages", 9, 403, "ErrorAccessDenied", "Access is denied.");
        String log = notifyWith(LARGE);
        assertEquals(1, rig.mails(), log);
        assertTrue(log.contains("Mail.ReadWrite"), log);
    }

    @ParameterizedTest
    @CsvSource({
        "POST .*attachments, 9, 400, ErrorInvalidAttachment",
        "POST .*attachments, 99, 503, serviceNotAvailable",
        "POST me/messages$, 1, 400, ErrorInvalidContent"
    })
    void sendsWithoutAnAttachmentThatIsRefused(String request, int times, int status, String code) throws Exception {
        useGraph(true);
        rig.jenkins.mail().graph().refuse(request, times, status, code, "No.");
        String log = notifyWith(LARGE);
        assertEquals(1, rig.mails(), log);
    }

    @Test
    void sendsWithoutContentThatIsRefused() throws Exception {
        useGraph(false);
        rig.jenkins.mail().graph().refuse("POST .*sendMail", 1, 400, "ErrorMessageContainsBlockedAttachment", "No.");
        String log = notifyWith(10_000);
        assertEquals(1, rig.mails(), log);
    }
}
