/**
 * Reading and watching with IMAP: connection, login, and one class for each command. Quirks of IMAP servers belong
 * here. Begin with {@link io.jenkins.plugins.oauthmail.mail.imap.ImapStore}.
 */
package io.jenkins.plugins.oauthmail.mail.imap;
