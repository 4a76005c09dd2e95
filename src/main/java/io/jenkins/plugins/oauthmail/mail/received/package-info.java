/**
 * Converts what a server returns to a {@link io.jenkins.plugins.oauthmail.mail.model.ReceivedMail}: headers, parts,
 * transfer encodings, attachment names, and whether the sender is authenticated. All input is written by others and
 * untrusted. Begin with {@link io.jenkins.plugins.oauthmail.mail.received.MailAssembler}.
 */
package io.jenkins.plugins.oauthmail.mail.received;
