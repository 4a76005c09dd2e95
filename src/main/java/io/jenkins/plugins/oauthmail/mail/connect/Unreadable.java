package io.jenkins.plugins.oauthmail.mail.connect;

import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;

/** Decides what happens when a message cannot be read. */
@FunctionalInterface
public interface Unreadable {
    /**
     * @param id {@link ReceivedMail#id()}, or something unique in its place if the server does not tell it
     * @throws MailFailure to stop reading the other messages
     */
    void mail(MailId id, MailFailure failure) throws MailFailure;
}
