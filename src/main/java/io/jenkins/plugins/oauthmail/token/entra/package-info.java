/**
 * Gets, renews and stores the access tokens of Microsoft Entra ID, the only provider: the authorization request that sends a
 * person there, the token sources, and the key material with which an application authenticates itself. MSAL4J is only
 * used in this package. Start reading at {@link io.jenkins.plugins.oauthmail.token.entra.DelegatedTokenSource}.
 */
package io.jenkins.plugins.oauthmail.token.entra;
