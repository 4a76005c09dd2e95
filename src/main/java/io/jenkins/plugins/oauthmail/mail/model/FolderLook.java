package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * The result of a look at a folder for somebody who waits until it contains enough messages.
 *
 * @param complete whether {@code read} is what reading the whole folder returns; if not, the folder certainly does not
 *     contain enough matching messages yet, and {@code read} only has the problems found on the way
 * @param read what was read
 * @param checkpoint to be passed to the next look; null if that has to consider the whole folder
 */
public record FolderLook(
        boolean complete,
        @NonNull ReadResult read,
        @CheckForNull FolderCheckpoint checkpoint) {}
