/**
 * Turns what a server hands out into a {@link io.jenkins.plugins.oauthmail.mail.model.ReceivedMail}: headers, parts,
 * transfer encodings, attachment names, and whether the sender is vouched for. All input was written by strangers. Begin
 * with {@link io.jenkins.plugins.oauthmail.mail.received.MailAssembler}.
 */
package io.jenkins.plugins.oauthmail.mail.received;
