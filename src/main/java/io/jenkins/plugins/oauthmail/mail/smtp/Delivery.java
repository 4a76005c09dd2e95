package io.jenkins.plugins.oauthmail.mail.smtp;

import io.jenkins.plugins.oauthmail.mail.connect.SmtpReply;
import java.util.List;
import java.util.Map;

/**
 * How the server took a mail.
 *
 * @param accepted bare addresses
 * @param refused bare addresses and what the server said to each
 * @param lastReply the server's receipt
 * @param bytes size of the content
 */
record Delivery(List<String> accepted, Map<String, SmtpReply> refused, String lastReply, long bytes) {}
