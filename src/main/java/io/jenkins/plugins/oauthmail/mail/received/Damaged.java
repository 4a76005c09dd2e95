package io.jenkins.plugins.oauthmail.mail.received;

/** A decoding that goes on whatever it meets, and knows whether what came out can be what was sent. */
interface Damaged {

    /** Asked when the content was read to its end. */
    boolean damaged();
}
