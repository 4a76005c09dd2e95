package hudson.tasks;

import hudson.model.Action;

/** The Message-ID of the mail about a build; from the mailer plugin. */
public class MailMessageIdAction implements Action {
    public final String messageId;

    public MailMessageIdAction(String messageId) {
        this.messageId = messageId;
    }

    @Override
    public String getIconFileName() {
        return null;
    }

    @Override
    public String getDisplayName() {
        return "Message Id";
    }

    @Override
    public String getUrlName() {
        return null;
    }
}
