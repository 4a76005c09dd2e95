package io.jenkins.plugins.oauthmail.mail;

import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An {@link OutgoingMail} with everything in order, but for what a test changes. */
public final class Draft {

    private String from = "Build <" + MailRig.USER + ">";
    private List<String> to = List.of("dev@example.com");
    private List<String> cc = List.of();
    private List<String> bcc = List.of();
    private List<String> replyTo = List.of();
    private String subject = "Build 7";
    private String text = "It is green.";
    private String html;
    private final List<OutgoingMail.Attachment> attachments = new ArrayList<>();
    private final Map<String, String> headers = new LinkedHashMap<>();

    public Draft from(String value) {
        from = value;
        return this;
    }

    public Draft to(String... values) {
        to = List.of(values);
        return this;
    }

    public Draft cc(String... values) {
        cc = List.of(values);
        return this;
    }

    public Draft bcc(String... values) {
        bcc = List.of(values);
        return this;
    }

    public Draft replyTo(String... values) {
        replyTo = List.of(values);
        return this;
    }

    public Draft subject(String value) {
        subject = value;
        return this;
    }

    public Draft text(String value) {
        text = value;
        return this;
    }

    public Draft html(String value) {
        html = value;
        return this;
    }

    public Draft attach(String name, byte[] content) {
        return attach(new OutgoingMail.Attachment(name, content.length, () -> new ByteArrayInputStream(content)));
    }

    public Draft attach(OutgoingMail.Attachment attachment) {
        attachments.add(attachment);
        return this;
    }

    public Draft header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    public OutgoingMail mail() {
        return new OutgoingMail(from, to, cc, bcc, replyTo, subject, text, html, attachments, headers);
    }
}
