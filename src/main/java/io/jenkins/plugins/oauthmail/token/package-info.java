/**
 * What everything else knows of access tokens: where they come from, the token itself and why there is none; with
 * helpers that all packages share, such as the clock. Start reading at
 * {@link io.jenkins.plugins.oauthmail.token.TokenSource}.
 */
package io.jenkins.plugins.oauthmail.token;
