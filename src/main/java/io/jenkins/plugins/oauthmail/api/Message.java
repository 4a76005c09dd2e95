package io.jenkins.plugins.oauthmail.api;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.jobs.DraftHeaders;
import io.jenkins.plugins.oauthmail.jobs.MailDraft;
import java.util.Objects;

/**
 * A message to be sent. Addresses are text as in a mail program: one or more of {@code a@contoso.com} or {@code Ann
 * <a@contoso.com>}, separated by commas. Nothing is checked before it is sent. Not thread-safe.
 */
public final class Message {
    private final String subject;
    private String to;
    private String cc;
    private String bcc;
    private String replyTo;
    private String from;
    private String text;
    private String html;
    private String attachments;
    private String inReplyTo;

    private Message(String subject) {
        this.subject = subject;
    }

    /**
     * A message without recipients and text. It needs at least one recipient in To, Cc or Bcc.
     *
     * @param subject one line
     */
    @NonNull
    public static Message about(@NonNull String subject) {
        return new Message(Objects.requireNonNull(subject));
    }

    /** Sets the recipients; null for none. */
    @NonNull
    public Message to(@CheckForNull String addresses) {
        to = addresses;
        return this;
    }

    /** Sets who gets a copy; null for nobody. */
    @NonNull
    public Message cc(@CheckForNull String addresses) {
        cc = addresses;
        return this;
    }

    /** Sets the Bcc recipients; null for none. */
    @NonNull
    public Message bcc(@CheckForNull String addresses) {
        bcc = addresses;
        return this;
    }

    /** Sets where replies go; null for the sender. */
    @NonNull
    public Message replyTo(@CheckForNull String addresses) {
        replyTo = addresses;
        return this;
    }

    /** Sets the sender, which must be one that the account lists; null for the account's address. */
    @NonNull
    public Message from(@CheckForNull String address) {
        from = address;
        return this;
    }

    /** Sets the plain text; null for none, or to have it generated from the HTML. */
    @NonNull
    public Message text(@CheckForNull String plain) {
        text = plain;
        return this;
    }

    /** Sets the HTML; null for none. Escape what strangers wrote. */
    @NonNull
    public Message html(@CheckForNull String markup) {
        html = markup;
        return this;
    }

    /** Sets the files to attach, as Ant patterns relative to the workspace, separated by commas; null for none. */
    @NonNull
    public Message attachments(@CheckForNull String patterns) {
        attachments = patterns;
        return this;
    }

    /**
     * Sets the Message-IDs, in angle brackets and separated by spaces, of the conversation so far; the last one is that
     * of the message to answer. Null for a new conversation.
     */
    @NonNull
    public Message inReplyTo(@CheckForNull String messageIds) {
        inReplyTo = messageIds;
        return this;
    }

    @NonNull
    MailDraft.Builder draft() {
        return MailDraft.about(subject)
                .to(to)
                .cc(cc)
                .bcc(bcc)
                .replyTo(replyTo)
                .from(from)
                .text(text)
                .html(html)
                .attachments(attachments)
                .headers(new DraftHeaders(inReplyTo, null, null));
    }
}
