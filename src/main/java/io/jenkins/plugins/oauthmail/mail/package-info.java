/**
 * The door to the mail engine: sending, reading, watching and checking a mailbox, whatever protocol it is reached by. Other
 * packages use these four classes and {@link io.jenkins.plugins.oauthmail.mail.model}, nothing else of the engine. Begin
 * with {@link io.jenkins.plugins.oauthmail.mail.MailSender} and {@link io.jenkins.plugins.oauthmail.mail.MailReader}.
 */
package io.jenkins.plugins.oauthmail.mail;
