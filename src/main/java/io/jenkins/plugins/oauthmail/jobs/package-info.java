/**
 * What a running build needs of the accounts: which ones its job may use, the mail it drafts, its workspace and its log. Begin
 * with {@link io.jenkins.plugins.oauthmail.jobs.JobAccess}.
 */
package io.jenkins.plugins.oauthmail.jobs;
