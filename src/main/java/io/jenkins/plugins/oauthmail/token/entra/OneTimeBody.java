package io.jenkins.plugins.oauthmail.token.entra;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.FailingBody;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The body of a request that must not be sent twice. The HTTP client repeats requests by itself, even POST requests if
 * the JVM was started with {@code jdk.httpclient.enableAllMethodRetry}; it gets this body only once.
 */
final class OneTimeBody implements BodyPublisher {

    private final BodyPublisher text;
    private final AtomicBoolean taken = new AtomicBoolean();

    OneTimeBody(@NonNull String text) {
        this.text = BodyPublishers.ofString(text);
    }

    /** Whether the client has begun to send the body, so that the server may have received it. */
    boolean taken() {
        return taken.get();
    }

    @Override
    public long contentLength() {
        return text.contentLength();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        if (!taken.getAndSet(true)) {
            text.subscribe(subscriber);
            return;
        }
        FailingBody.refuse(subscriber, new IOException(Messages.OneTimeBody_notTwice()));
    }
}
