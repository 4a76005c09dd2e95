/**
 * The page under Manage Jenkins, the redirect that ends a sign-in, the administrative monitor, warnings by mail, metrics
 * and the keep-alive. Start
 * reading at {@link io.jenkins.plugins.oauthmail.manage.MailAccountsPage}.
 */
package io.jenkins.plugins.oauthmail.manage;
