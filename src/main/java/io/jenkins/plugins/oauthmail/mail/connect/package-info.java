/**
 * What every transport needs: the interfaces that it implements for the facade, TLS settings and time-outs, the XOAUTH2
 * login, and the meaning of servers' error replies. Begin with
 * {@link io.jenkins.plugins.oauthmail.mail.connect.MailStore} and
 * {@link io.jenkins.plugins.oauthmail.mail.connect.KnownReply}.
 */
package io.jenkins.plugins.oauthmail.mail.connect;
