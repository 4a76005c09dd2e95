/**
 * Reading and watching with IMAP: connections, login and commands. Messages are fetched in two ways: {@link
 * io.jenkins.plugins.oauthmail.mail.imap.MailCollector} for one query, {@link
 * io.jenkins.plugins.oauthmail.mail.imap.FolderWindow} once for all who wait. Quirks of IMAP servers belong here. Begin with {@link io.jenkins.plugins.oauthmail.mail.imap.ImapStore}.
 */
package io.jenkins.plugins.oauthmail.mail.imap;
