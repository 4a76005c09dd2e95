package io.jenkins.plugins.oauthmail.mail.graph;

import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;

/** Copies the body of a response, and fails if it is too long. */
final class ReceivedBody implements BodySubscriber<Void> {

    /** The body is longer than expected. */
    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;

        TooLong(long most) {
            super(Messages.ReceivedBody_tooLong(most));
        }
    }

    /** The body cannot be stored, which is not the fault of the server. */
    static final class NotStored extends IOException {
        private static final long serialVersionUID = 1L;

        NotStored(IOException why) {
            super(why);
        }
    }

    private final OutputStream out;
    private final long most;
    private final AtomicLong count;
    private final CompletableFuture<Void> body = new CompletableFuture<>();
    private Flow.Subscription subscription;

    /**
     * @param out receives the body; not closed
     * @param most the maximum size, in bytes
     * @param count increased by each byte that arrives
     */
    ReceivedBody(OutputStream out, long most, AtomicLong count) {
        this.out = out;
        this.most = most;
        this.count = count;
    }

    @Override
    public CompletionStage<Void> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        try {
            for (ByteBuffer buffer : buffers) {
                if (count.addAndGet(buffer.remaining()) > most) {
                    throw new TooLong(most);
                }
                byte[] part = new byte[buffer.remaining()];
                buffer.get(part);
                store(part);
            }
            subscription.request(1);
        } catch (IOException e) {
            subscription.cancel();
            body.completeExceptionally(e);
        }
    }

    private void store(byte[] part) throws NotStored {
        try {
            out.write(part);
        } catch (IOException e) {
            throw new NotStored(e);
        }
    }

    @Override
    public void onError(Throwable failure) {
        body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        body.complete(null);
    }
}
