/**
 * The post-build action and its pipeline step: when to send, to whom, and the report in the message. Start reading at
 * {@link io.jenkins.plugins.oauthmail.notifier.Notification}.
 */
package io.jenkins.plugins.oauthmail.notifier;
