package io.jenkins.plugins.oauthmail.mail.compose;

import java.util.List;

/**
 * What the server is told about a mail beside its content.
 *
 * @param from bare address of the sender
 * @param recipients bare addresses, each once
 * @param size expected octets of the content
 */
public record Envelope(String from, List<String> recipients, long size) {}
