/**
 * The facade of the mail engine: sending, reading, watching and checking a mailbox, whatever the protocol. Other
 * packages use these classes and {@link io.jenkins.plugins.oauthmail.mail.model}, and nothing else of the engine.
 * Begin with {@link io.jenkins.plugins.oauthmail.mail.MailSender} and
 * {@link io.jenkins.plugins.oauthmail.mail.MailReader}.
 */
package io.jenkins.plugins.oauthmail.mail;
