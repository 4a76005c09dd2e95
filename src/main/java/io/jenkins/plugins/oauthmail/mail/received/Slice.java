package io.jenkins.plugins.oauthmail.mail.received;

import jakarta.mail.internet.SharedInputStream;
import java.io.InputStream;

/**
 * A range of a message that was fetched whole.
 *
 * @param mail the message
 * @param from offset of the first byte in the message
 * @param to offset behind the last byte
 */
record Slice(SharedInputStream mail, long from, long to) {

    long size() {
        return to - from;
    }

    /** A range within this one; offsets are those in the message. */
    Slice part(long begin, long end) {
        return new Slice(mail, begin, end);
    }

    InputStream open() {
        return mail.newStream(from, to);
    }
}
