package io.jenkins.plugins.oauthmail.mail.compose;

import java.util.List;

/**
 * What the server receives for a message besides its content (RFC 5321 section 2.3.1).
 *
 * @param from the sender's address without display name
 * @param recipients addresses without display names, without duplicates
 * @param size expected size of the content, in bytes
 * @param eightBit whether the content has bytes above 127 (RFC 6152)
 */
public record Envelope(String from, List<String> recipients, long size, boolean eightBit) {

    /** For content in ASCII. */
    public Envelope(String from, List<String> recipients, long size) {
        this(from, recipients, size, false);
    }

    /** The envelope for some of the recipients. */
    public Envelope to(List<String> some) {
        return new Envelope(from, some, size, eightBit);
    }
}
