/**
 * What a running build needs to use accounts: which ones its job may use, its message drafts, its workspace and its
 * log. Start reading at {@link io.jenkins.plugins.oauthmail.jobs.JobAccess}.
 */
package io.jenkins.plugins.oauthmail.jobs;
