package io.jenkins.plugins.oauthmail.mail;

/** How long to wait for a server, in milliseconds; Angus would wait for ever. */
record Timeouts(int connect, int read, int write) {

    static final Timeouts DEFAULT = new Timeouts(20_000, 60_000, 60_000);
}
