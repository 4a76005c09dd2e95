package io.jenkins.plugins.oauthmail.watch;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The last check of a build that waits for mail. */
@Timeout(20)
class WaitDeadlineTest {
    private static class Looking implements FolderWatches.Listener {
        final Semaphore looks = new Semaphore(0);

        @Override
        public void checkForMail(SharedReading shared) throws InterruptedException {
            looks.release();
        }

        @Override
        public void watchFailed(MailFailure failure) {
            // The account is not authorized.
        }

        @Override
        public void checkFailed(Throwable unforeseen) {
            throw new AssertionError(unforeseen);
        }
    }

    /** Such as a search for a text in a large folder. */
    private static final class LookingForLong extends Looking {
        @Override
        public void checkForMail(SharedReading shared) throws InterruptedException {
            super.checkForMail(shared);
            new CountDownLatch(1).await();
        }
    }

    @Test
    void comesBeforeTheEndOfALongCheckOfAnother() throws Exception {
        try (JenkinsRig rig = JenkinsRig.defined()) {
            FolderWatches watches = FolderWatches.get();
            Looking slow = new LookingForLong();
            Looking late = new Looking();
            watches.join(JenkinsRig.ACCOUNT, "INBOX", slow);
            slow.looks.acquire();
            watches.join(JenkinsRig.ACCOUNT, "INBOX", late);
            WaitDeadline deadline = new WaitDeadline(JenkinsRig.ACCOUNT, "INBOX", late, false, () -> {});
            try {
                assertFalse(deadline.isPast());
                deadline.start(Duration.ZERO);
                late.looks.acquire();
                assertTrue(deadline.isPast());
                slow.looks.acquire(); // it is repeated
            } finally {
                deadline.cancel();
                watches.leave(JenkinsRig.ACCOUNT, "INBOX", late);
                watches.leave(JenkinsRig.ACCOUNT, "INBOX", slow);
            }
        }
    }
}
