package io.jenkins.plugins.oauthmail.mail.received;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Limits how much one read fetches, whatever others have sent: the account limits disk space, and a constant limits
 * memory.
 */
public final class ReadBudget {

    /**
     * Maximum size of all text and HTML that one read returns, in bytes; as strings, it may take twice as much memory.
     */
    private static final long BODIES = 32L << 20;

    private final long most;
    private long files;
    private long bodies = BODIES;

    /** @param files maximum size in bytes of attachments, and of messages that have to be fetched whole */
    public ReadBudget(long files) {
        this.most = files;
        this.files = files;
    }

    /** How many bytes of bodies may still be fetched. */
    long bodies() {
        return bodies;
    }

    void body(long octets) {
        bodies -= octets;
    }

    /** @throws IOException if this many bytes would exceed the budget */
    void expect(long octets) throws IOException {
        if (octets > files) {
            throw tooLarge();
        }
    }

    private IOException tooLarge() {
        return new IOException(Messages.ReadBudget_tooLarge(most >> 20));
    }

    /** Returns a stream of the same content that throws an exception when the budget is exceeded. */
    public InputStream limited(InputStream content) {
        return new FilterInputStream(content) {
            @Override
            public int read() throws IOException {
                int b = super.read();
                take(b < 0 ? 0 : 1);
                return b;
            }

            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                int n = super.read(b, off, len);
                take(Math.max(0, n));
                return n;
            }

            @Override
            public long skip(long n) throws IOException {
                long skipped = super.skip(n);
                take(skipped);
                return skipped;
            }
        };
    }

    private void take(long octets) throws IOException {
        expect(octets);
        files -= octets;
    }
}
