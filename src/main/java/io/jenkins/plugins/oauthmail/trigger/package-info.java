/**
 * Builds started by mail, and the journal that makes each mail start one build and no more. Begin with
 * {@link io.jenkins.plugins.oauthmail.trigger.OAuthMailTrigger}.
 */
package io.jenkins.plugins.oauthmail.trigger;
