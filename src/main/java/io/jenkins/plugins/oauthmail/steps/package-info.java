/**
 * The pipeline steps {@code oauthMailSend} and {@code oauthMailRead} and their executions. Begin with {@link
 * io.jenkins.plugins.oauthmail.steps.OAuthMailSendStep} and {@link
 * io.jenkins.plugins.oauthmail.steps.OAuthMailReadStep}.
 */
package io.jenkins.plugins.oauthmail.steps;
