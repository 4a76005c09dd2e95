/**
 * Sending by SMTP: connection, login, the transaction of one mail, the pool of connections and the rate limit of a mailbox.
 * Quirks of SMTP servers belong here. Begin with {@link io.jenkins.plugins.oauthmail.mail.smtp.SmtpTransport}.
 */
package io.jenkins.plugins.oauthmail.mail.smtp;
