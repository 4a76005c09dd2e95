/**
 * What other plugins may use: sending with a mail account, by the same rules as the pipeline step. Start reading at {@link
 * io.jenkins.plugins.oauthmail.api.OAuthMail}. Compatible changes only; everything else in this plugin may change at any
 * time.
 */
package io.jenkins.plugins.oauthmail.api;
