/**
 * The records and values that everybody speaks: a mail to send, a mail that arrived, a query, a failure. They know no
 * protocol; ids and positions are opaque. Begin with {@link io.jenkins.plugins.oauthmail.mail.model.OutgoingMail} and
 * {@link io.jenkins.plugins.oauthmail.mail.model.MailQuery}.
 */
package io.jenkins.plugins.oauthmail.mail.model;
