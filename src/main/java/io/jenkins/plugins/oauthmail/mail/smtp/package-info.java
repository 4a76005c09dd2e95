/**
 * Sending with SMTP: connection, login, the transaction of one message and the connection pool. Quirks of SMTP servers belong here. Begin with {@link io.jenkins.plugins.oauthmail.mail.smtp.SmtpTransport}.
 */
package io.jenkins.plugins.oauthmail.mail.smtp;
