package io.jenkins.plugins.oauthmail.mail.received;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What one reading may take at most, whatever strangers have sent: on disk as the account says, and in memory. */
public final class ReadBudget {

    /** Octets of text and HTML that come back from one reading; a string of them may take twice as much memory. */
    private static final long BODIES = 32L << 20;

    private final long most;
    private long files;
    private long bodies = BODIES;

    /** @param files octets of attachments, and of mails that must be fetched whole */
    public ReadBudget(long files) {
        this.most = files;
        this.files = files;
    }

    /** Octets of bodies that may still come. */
    long bodies() {
        return bodies;
    }

    void body(long octets) {
        bodies -= octets;
    }

    /** @throws IOException if so many octets are beyond the budget */
    void expect(long octets) throws IOException {
        if (octets > files) {
            throw tooLarge();
        }
    }

    private IOException tooLarge() {
        return new IOException(Messages.ReadBudget_tooLarge(most >> 20));
    }

    /** The same content, which ends with an exception where the budget ends. */
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
