/**
 * Sending and reading with Microsoft Graph: requests, errors, the submission of one message, folders and messages.
 * Quirks of Microsoft Graph belong here. Begin with
 * {@link io.jenkins.plugins.oauthmail.mail.graph.GraphTransport} and
 * {@link io.jenkins.plugins.oauthmail.mail.graph.GraphClient}.
 */
package io.jenkins.plugins.oauthmail.mail.graph;
