/**
 * What lets other plugins send with the accounts of this one: a credentials provider for plugins such as Email
 * Extension, which ask for a user name and password at each message and get an access token; a relay on the loopback
 * interface for those that cannot use OAuth, such as Mailer; and advice about their settings. Start reading at {@link
 * io.jenkins.plugins.oauthmail.neighbours.AccountCredentials}, which decides who gets a token.
 */
package io.jenkins.plugins.oauthmail.neighbours;
