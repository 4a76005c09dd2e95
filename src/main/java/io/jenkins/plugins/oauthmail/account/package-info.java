/**
 * What Jenkins keeps for an account: its authorization, its live token source and sender, when it last worked and what
 * is wrong with it. Start reading at {@link io.jenkins.plugins.oauthmail.account.AuthorizationStore}.
 */
package io.jenkins.plugins.oauthmail.account;
