package io.jenkins.plugins.oauthmail.mail.compose;

import java.util.List;

/**
 * What the server receives for a message besides its content (RFC 5321 section 2.3.1).
 *
 * @param from the sender's address without display name
 * @param recipients addresses without display names, without duplicates
 * @param size expected size of the content, in bytes
 */
public record Envelope(String from, List<String> recipients, long size) {}
