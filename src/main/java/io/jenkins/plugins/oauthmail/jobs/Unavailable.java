package io.jenkins.plugins.oauthmail.jobs;

/** What an attachment or build log that is unavailable or too large means for its message. */
enum Unavailable {
    /** The message is not sent. */
    FAIL,
    /** The message is sent without it. */
    LEAVE_OUT
}
