/**
 * Gets, renews and stores access tokens: the authorization request that sends a person to the provider, the sources of
 * tokens, and the key material with which an application authenticates itself. MSAL4J is only used in this package, and
 * no Jenkins type is. The only provider is Microsoft Entra ID. Begin with {@link io.jenkins.plugins.oauthmail.token.TokenSource}.
 */
package io.jenkins.plugins.oauthmail.token;
