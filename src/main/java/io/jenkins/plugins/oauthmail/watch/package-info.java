/**
 * Watches folders for new mail, one watch for each folder, shared by all builds and triggers that wait for it. Begin with
 * {@link io.jenkins.plugins.oauthmail.watch.FolderWatches}.
 */
package io.jenkins.plugins.oauthmail.watch;
