/**
 * Finds the new text in a reply, without quoted history and signature, and converts received HTML to text. Begin with
 * {@link io.jenkins.plugins.oauthmail.mail.replytext.ReplyText}.
 */
package io.jenkins.plugins.oauthmail.mail.replytext;
