/**
 * What Jenkins keeps for an account: its authorization, the live token source and sender, when it last worked and what is
 * wrong with it. Begin with {@link io.jenkins.plugins.oauthmail.account.AuthorizationStore}.
 */
package io.jenkins.plugins.oauthmail.account;
