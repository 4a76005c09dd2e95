package io.jenkins.plugins.oauthmail.mail;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.MailFailure.Layer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sends mails from one mailbox by SMTP, logging in with XOAUTH2 and nothing else. Any number of threads may use it. */
public final class MailSender {

    private static final Pattern ID = Pattern.compile("<[^<>@\\s]{1,250}@[^<>@\\s]{1,250}>");

    private final Mailbox mailbox;
    private final Timeouts timeouts;

    /** @param mailbox whose SMTP server and tokens are used */
    public MailSender(@NonNull Mailbox mailbox) {
        this(mailbox, Timeouts.DEFAULT);
    }

    MailSender(Mailbox mailbox, Timeouts timeouts) {
        this.mailbox = mailbox;
        this.timeouts = timeouts;
    }

    /**
     * Hands one mail to the server. Attachments are read once, while they are sent. A mail is never sent twice.
     *
     * @param mail what to send
     * @return what became of it; at least one recipient was accepted
     * @throws MailFailure if nobody got it; or, with {@link MailFailure#fateUnknown()}, if that cannot be known
     * @throws InterruptedException if the thread was interrupted while it waited for a token or an attachment; nothing
     *     was sent then
     */
    @NonNull
    public SentMail send(@NonNull OutgoingMail mail) throws MailFailure, InterruptedException {
        try (ContextLoader loader = new ContextLoader()) {
            MimeComposer.Composed composed = new MimeComposer(mail).compose();
            MessageSize.check(mail, mailbox.maxMessageBytes());
            String token = Tokens.ask(mailbox);
            try (SmtpConnection connection = SmtpConnection.open(mailbox.smtp(), timeouts)) {
                connection.login(mailbox.user(), token);
                return sent(composed, connection.deliver(composed.message(), composed.envelope()));
            } catch (BrokenAttachment e) {
                if (e.getCause() instanceof InterruptedException) {
                    throw (InterruptedException) e.getCause();
                }
                throw new MailFailure(
                        Layer.MESSAGE,
                        "the attachment " + e.name() + " could not be read ("
                                + ServerWords.clean(e.getCause().getMessage()) + "), so nothing was sent.",
                        e);
            }
        }
    }

    private static SentMail sent(MimeComposer.Composed composed, Delivery delivery) {
        String requested = composed.message().id();
        Matcher kept = ID.matcher(delivery.lastReply());
        return new SentMail(
                kept.find() ? kept.group() : requested,
                requested,
                delivery.accepted(),
                delivery.refused(),
                delivery.bytes());
    }
}
