package io.jenkins.plugins.oauthmail.mail.smtp;

import io.jenkins.plugins.oauthmail.mail.connect.SmtpReply;
import java.util.List;
import java.util.Map;

/**
 * The result of submitting a message.
 *
 * @param accepted addresses without display names
 * @param refused addresses without display names, each with the server's reply
 * @param lastReply the server's reply to the content
 * @param bytes size of the content
 */
record Delivery(List<String> accepted, Map<String, SmtpReply> refused, String lastReply, long bytes) {}
