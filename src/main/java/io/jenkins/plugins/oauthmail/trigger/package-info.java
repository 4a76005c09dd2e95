/**
 * Builds started by mail, and the journal that keeps any message from starting two builds. Start reading at
 * {@link io.jenkins.plugins.oauthmail.trigger.OAuthMailTrigger}.
 */
package io.jenkins.plugins.oauthmail.trigger;
