/**
 * Watches folders for new mail, one watch for each folder, shared by all builds and triggers that wait for it. Start
 * reading at {@link io.jenkins.plugins.oauthmail.watch.FolderWatches}.
 */
package io.jenkins.plugins.oauthmail.watch;
