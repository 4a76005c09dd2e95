package io.jenkins.plugins.oauthmail.mail.received;

/** A decoder that continues whatever it reads, and knows whether its input was damaged. */
interface Damaged {

    /** Whether the input was damaged; valid once it has been read to the end. */
    boolean damaged();
}
