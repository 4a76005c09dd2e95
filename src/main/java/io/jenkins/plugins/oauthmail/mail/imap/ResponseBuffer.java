package io.jenkins.plugins.oauthmail.mail.imap;

import org.eclipse.angus.mail.iap.ByteArray;

/** Holds one response of a server. It grows with what the server announces, up to a limit. */
final class ResponseBuffer extends ByteArray {

    private static final int USUAL = 128;

    private final long room;
    private long wanted;
    private boolean complete;

    /** @param room the limit in bytes */
    ResponseBuffer(long room) {
        super(new byte[USUAL], 0, USUAL);
        this.room = room;
    }

    /** @throws IllegalStateException if the limit would be exceeded */
    @Override
    public void grow(int more) {
        wanted = getBytes().length + (long) more;
        if (wanted > room) {
            throw new IllegalStateException("the response is too large");
        }
        super.grow(more);
    }

    /** Angus calls this when it has read the whole response. */
    @Override
    public void setCount(int count) {
        complete = true;
        super.setCount(count);
    }

    boolean complete() {
        return complete;
    }

    /** The announced number of bytes, if it exceeded the limit. */
    long wanted() {
        // Angus adds in 32 bits and does not notice an overflow just below 2 GiB.
        return wanted > room ? wanted : Integer.MAX_VALUE;
    }
}
