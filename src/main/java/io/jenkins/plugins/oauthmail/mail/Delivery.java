package io.jenkins.plugins.oauthmail.mail;

import java.util.List;

/**
 * How the server took a mail.
 *
 * @param accepted bare addresses
 * @param refused addresses with the server's words
 * @param lastReply the server's receipt
 * @param bytes size of the content
 */
record Delivery(List<String> accepted, List<String> refused, String lastReply, long bytes) {}
