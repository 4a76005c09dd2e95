/**
 * Finds what somebody wrote in a reply, without quoted history and signature, and turns received HTML into text. Begin with
 * {@link io.jenkins.plugins.oauthmail.mail.reply.ReplyText}.
 */
package io.jenkins.plugins.oauthmail.mail.reply;
