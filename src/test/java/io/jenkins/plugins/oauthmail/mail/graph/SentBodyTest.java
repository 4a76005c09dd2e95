package io.jenkins.plugins.oauthmail.mail.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SentBodyTest {
    private static final String REPEATS = "jdk.httpclient.enableAllMethodRetry";

    private final List<String> heard = new ArrayList<>();

    @AfterEach
    void clear() {
        System.clearProperty(REPEATS);
    }

    private final class Listener implements Flow.Subscriber<ByteBuffer> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuffer part) {
            heard.add(part.remaining() + " bytes");
        }

        @Override
        public void onError(Throwable failure) {
            heard.add(failure.getMessage());
        }

        @Override
        public void onComplete() {
            heard.add("complete");
        }
    }

    @Test
    void isSentOnceIfTheClientRepeatsEverything() {
        System.setProperty(REPEATS, "true");
        SentBody body = new SentBody(new byte[15]);
        assertFalse(body.taken());
        body.subscribe(new Listener());
        assertTrue(body.taken());
        body.subscribe(new Listener());
        assertEquals(List.of("15 bytes", "complete", "The request is not sent a second time."), heard);
    }

    /** Such as after a GOAWAY of HTTP/2. */
    @Test
    void isSentAgainIfTheServerHasNotProcessedIt() {
        SentBody body = new SentBody(new byte[15]);
        body.subscribe(new Listener());
        body.subscribe(new Listener());
        assertEquals(List.of("15 bytes", "complete", "15 bytes", "complete"), heard);
    }
}
