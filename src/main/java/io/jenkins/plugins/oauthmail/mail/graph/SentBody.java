package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.oauthmail.token.FailingBody;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The body of one request. It remembers whether anything of it may have been sent. The HTTP client gets it a second time
 * only for a request that the server certainly has not processed.
 */
final class SentBody implements BodyPublisher {
    /** With this system property, the client also repeats requests that may have been processed. */
    private static final String REPEATS = "jdk.httpclient.enableAllMethodRetry";

    private final BodyPublisher bytes;
    private final AtomicBoolean taken = new AtomicBoolean();

    /** @param body null for none */
    SentBody(@CheckForNull byte[] body) {
        this.bytes = body == null || body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
    }

    boolean taken() {
        return taken.get();
    }

    @Override
    public long contentLength() {
        return bytes.contentLength();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        if (!taken.getAndSet(true) || System.getProperty(REPEATS) == null) {
            bytes.subscribe(subscriber);
            return;
        }
        FailingBody.refuse(subscriber, new IOException(Messages.SentBody_notTwice()));
    }
}
