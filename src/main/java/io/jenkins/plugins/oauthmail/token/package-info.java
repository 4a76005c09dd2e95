/**
 * Gets, renews and keeps access tokens: the authorization request a person is sent off with, the sources that hand out
 * tokens, and the key material an application proves itself with. MSAL4J stays in here, and no Jenkins type comes in.
 * Begin with {@link io.jenkins.plugins.oauthmail.token.TokenSource}.
 */
package io.jenkins.plugins.oauthmail.token;
