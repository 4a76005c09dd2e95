package io.jenkins.plugins.oauthmail.testing;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Keeps the answers of {@link EntraFake}'s token endpoint back until it is closed. */
public final class EntraHold implements AutoCloseable {

    private static final long MAX_SECONDS = 60;

    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    EntraHold() {}

    /**
     * Waits until a token request is being held.
     *
     * @throws InterruptedException if interrupted
     */
    public void awaitRequest() throws InterruptedException {
        if (!arrived.await(MAX_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("no token request came");
        }
    }

    void pass() throws InterruptedException {
        arrived.countDown();
        released.await(MAX_SECONDS, TimeUnit.SECONDS);
    }

    /** Lets the requests go on, those held and those to come. */
    @Override
    public void close() {
        released.countDown();
    }
}
