/**
 * Approval by mail: the pipeline step {@code oauthMailApproval}, what it sends, which answers count, its page on the
 * build and the record it leaves. Start reading at {@link io.jenkins.plugins.oauthmail.approval.Approval}, the only
 * place where a question is decided; a message ({@link io.jenkins.plugins.oauthmail.approval.Answer}) and the page ({@link
 * io.jenkins.plugins.oauthmail.approval.ApprovalAction}) only bring it votes.
 */
package io.jenkins.plugins.oauthmail.approval;
