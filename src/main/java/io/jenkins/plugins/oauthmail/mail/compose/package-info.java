/**
 * Turns an {@link io.jenkins.plugins.oauthmail.mail.model.OutgoingMail} into a MIME message and its envelope, and refuses
 * what must not be sent. Begin with {@link io.jenkins.plugins.oauthmail.mail.compose.MimeComposer}.
 */
package io.jenkins.plugins.oauthmail.mail.compose;
