package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** The body of one request. It remembers whether anything of it may have been sent. */
final class SentBody implements BodyPublisher {
    private final BodyPublisher bytes;
    private volatile boolean taken;

    /** @param body null for none */
    SentBody(@CheckForNull byte[] body) {
        this.bytes = body == null || body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
    }

    boolean taken() {
        return taken;
    }

    @Override
    public long contentLength() {
        return bytes.contentLength();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        taken = true;
        bytes.subscribe(subscriber);
    }
}
