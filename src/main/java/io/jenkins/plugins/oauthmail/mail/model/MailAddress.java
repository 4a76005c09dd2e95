package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * An email address with its display name.
 *
 * @param name decoded display name, or null
 * @param address {@code local@domain}; in a received message exactly as written, so not necessarily valid
 */
public record MailAddress(
        @CheckForNull String name, @NonNull String address) {}
