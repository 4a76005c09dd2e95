package io.jenkins.plugins.oauthmail.mail;

/** A decoding that goes on whatever it meets, and knows whether what came out can be what was sent. */
interface Damaged {

    /** Asked when the content was read to its end. */
    boolean damaged();
}
