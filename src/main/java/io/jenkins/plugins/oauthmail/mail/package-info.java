/**
 * The facade of the mail engine: sending, reading, watching and checking a mailbox, whatever the protocol. Packages
 * above use these classes, {@link io.jenkins.plugins.oauthmail.mail.model} and
 * {@link io.jenkins.plugins.oauthmail.token}, and nothing else of the engine. Begin with {@link io.jenkins.plugins.oauthmail.mail.MailSender} and
 * {@link io.jenkins.plugins.oauthmail.mail.MailReader}.
 */
package io.jenkins.plugins.oauthmail.mail;
