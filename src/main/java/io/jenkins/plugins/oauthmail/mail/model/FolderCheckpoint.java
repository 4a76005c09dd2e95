package io.jenkins.plugins.oauthmail.mail.model;

/**
 * What a look at a folder has established, so that the next look of the same waiter only has to consider what has
 * changed since. Only the kind of store that made it can use it. Kept in memory only; without it, the next look
 * considers the whole folder.
 */
public interface FolderCheckpoint {}
