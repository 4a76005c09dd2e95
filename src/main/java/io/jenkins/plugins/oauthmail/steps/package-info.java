/**
 * The pipeline steps {@code oauthMailSend} and {@code oauthMailRead} and their executions.
 */
package io.jenkins.plugins.oauthmail.steps;
