package io.jenkins.plugins.oauthmail.mail.imap;

import org.eclipse.angus.mail.iap.ByteArray;

/** Takes one response of a server. It grows with what the server announces, but never beyond what it was given. */
final class ResponseBuffer extends ByteArray {

    private static final int USUAL = 128;

    private final long room;
    private long wanted;
    private boolean complete;

    /** @param room octets */
    ResponseBuffer(long room) {
        super(new byte[USUAL], 0, USUAL);
        this.room = room;
    }

    /** @throws IllegalStateException if there is no room */
    @Override
    public void grow(int more) {
        wanted = getBytes().length + (long) more;
        if (wanted > room) {
            throw new IllegalStateException("the response is too large");
        }
        super.grow(more);
    }

    /** Angus calls this when it has the whole response. */
    @Override
    public void setCount(int count) {
        complete = true;
        super.setCount(count);
    }

    boolean complete() {
        return complete;
    }

    /** Octets that were announced, if there was no room for them. */
    long wanted() {
        // Angus does its sum in 32 bits and does not notice when it goes wrong just below 2 GiB.
        return wanted > room ? wanted : Integer.MAX_VALUE;
    }
}
