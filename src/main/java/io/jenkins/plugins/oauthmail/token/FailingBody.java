package io.jenkins.plugins.oauthmail.token;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** The body of a request that is not to be sent. */
public final class FailingBody {
    private FailingBody() {}

    /**
     * Has the request fail before anything of its body is sent.
     *
     * @param subscriber the HTTP client
     * @param why the cause of its failure
     */
    public static void refuse(@NonNull Flow.Subscriber<? super ByteBuffer> subscriber, @NonNull IOException why) {
        subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long count) {
                // There is nothing to send.
            }

            @Override
            public void cancel() {
                // Nothing has started.
            }
        });
        subscriber.onError(why);
    }
}
