package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * An address with the name of whom it belongs to.
 *
 * @param name decoded display name, or null
 * @param address {@code local@domain}; in a received mail as it was written, which need not be a valid address
 */
public record MailAddress(
        @CheckForNull String name, @NonNull String address) {}
