/**
 * The records and values that all packages use: a message to send, a message that arrived, a query, a failure. They are
 * independent of the protocol; ids and positions are opaque. Begin with
 * {@link io.jenkins.plugins.oauthmail.mail.model.OutgoingMail} and
 * {@link io.jenkins.plugins.oauthmail.mail.model.MailQuery}.
 */
package io.jenkins.plugins.oauthmail.mail.model;
