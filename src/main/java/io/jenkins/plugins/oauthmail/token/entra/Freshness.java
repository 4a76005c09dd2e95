package io.jenkins.plugins.oauthmail.token.entra;

/** Which access token a request for one accepts. */
enum Freshness {
    /** The current one while it is valid. */
    VALID,
    /** Only one that the provider issues for this request. */
    NEW
}
